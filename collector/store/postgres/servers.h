// The servers that a connection string names, and which of them is the one to write to.
//
// Two of them may take writes at a time: a primary of before a failover that was started again as
// it was. What is written there is lost. PostgreSQL counts a timeline up with each failover, by
// which the one is told from the other.
//
// All functions are safe from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "evidence/result.h"

struct pg_conn;

namespace assay::collector::postgres {

// Where a primary stands in the history of its database.
struct Lineage {
  std::string system;         // shared by a primary and its standbys; empty when it is not told
  std::int64_t timeline = 0;  // from 1; one more after each failover

  // Whether this is what the other was before a failover.
  [[nodiscard]] bool is_before(const Lineage& other) const {
    return !system.empty() && system == other.system && timeline < other.timeline;
  }
};

// One of those that are named; what is empty is libpq's own choice.
struct Server {
  std::string host;  // a name, an address or the folder of a socket
  std::string address;
  std::string port;
  [[nodiscard]] std::string shown() const;
};

struct HangUp {
  void operator()(pg_conn* connection) const;
};
using Line = std::unique_ptr<pg_conn, HangUp>;

// Opens a connection as `conninfo` says, which may lead to any of its servers that takes writes; or
// to `only`, in whatever role. Tries each for a few seconds. Never null; PQstatus() tells.
[[nodiscard]] Line dial(const std::string& conninfo);
[[nodiscard]] Line dial(const std::string& conninfo, const Server& only);

// In the order in which they are tried; also where a service file or the environment names them.
// `conninfo` is one that parse_target() takes.
[[nodiscard]] Result<std::vector<Server>> servers_of(const std::string& conninfo);

struct Role {
  bool is_primary = false;
  Lineage lineage;  // of a primary
};
// Asks the server, outside of any transaction. What it does not tell stays empty.
[[nodiscard]] Role role_of(pg_conn* connection);

// One of them as it was found.
struct Sighting {
  Server server;
  std::optional<Role> role;  // none: it could not be asked
  std::string why;           // it could not
};
// Asks each of them; waits some seconds for one that is silent.
[[nodiscard]] Result<std::vector<Sighting>> look_at_servers(const std::string& conninfo);

// The furthest lineage among the primaries; an empty one when there is none.
[[nodiscard]] Lineage furthest(const std::vector<Sighting>& sightings);

}  // namespace assay::collector::postgres
