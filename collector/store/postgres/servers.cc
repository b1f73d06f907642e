#include "collector/store/postgres/servers.h"

#include <libpq-fe.h>

#include <algorithm>
#include <charconv>
#include <string_view>

#include "collector/store/postgres/failure.h"
#include "evidence/refusal.h"

namespace assay::collector::postgres {
namespace {

struct Word {
  const char* keyword;
  const char* value;
};

// Later words win over earlier ones: ours, over these what the connection string says, and over
// that `last`.
Line dial_with(const std::string& conninfo, std::vector<Word> last) {
  // A dead server is noticed within seconds; one that only reads, as a standby, is passed over.
  std::vector<Word> words = {{"fallback_application_name", "assay-collector"},
                             {"client_encoding", "UTF8"},
                             {"connect_timeout", "5"},
                             {"keepalives_idle", "10"},
                             {"keepalives_interval", "5"},
                             {"keepalives_count", "3"},
                             {"tcp_user_timeout", "15000"},
                             {"target_session_attrs", "read-write"},
                             {"dbname", conninfo.c_str()}};
  words.insert(words.end(), last.begin(), last.end());
  std::vector<const char*> keywords;
  std::vector<const char*> values;
  for (const auto& [keyword, value] : words) {
    keywords.push_back(keyword);
    values.push_back(value);
  }
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  return Line(PQconnectdbParams(keywords.data(), values.data(), 1));
}

std::vector<std::string> parts_of(std::string_view list) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= list.size();) {
    const auto end = std::min(list.find(',', begin), list.size());
    parts.emplace_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

// A list of one part is for all.
std::string part(const std::vector<std::string>& parts, std::size_t number) {
  if (parts.size() == 1) return parts.front();
  return number < parts.size() ? parts[number] : std::string();
}

}  // namespace

void HangUp::operator()(pg_conn* connection) const {
  PQfinish(connection);
}

std::string Server::shown() const {
  auto text = host.empty() ? address : host;
  if (text.empty()) text = "localhost";
  // A socket's folder tells enough; its port is a part of a file's name.
  if (!port.empty() && !text.starts_with('/')) text += ':' + port;
  return text;
}

Line dial(const std::string& conninfo) {
  return dial_with(conninfo, {});
}

Line dial(const std::string& conninfo, const Server& only) {
  std::vector<Word> words = {{"target_session_attrs", "any"}, {"connect_timeout", "3"}};
  if (!only.host.empty()) words.push_back({"host", only.host.c_str()});
  if (!only.address.empty()) words.push_back({"hostaddr", only.address.c_str()});
  if (!only.port.empty()) words.push_back({"port", only.port.c_str()});
  return dial_with(conninfo, std::move(words));
}

Result<std::vector<Server>> servers_of(const std::string& conninfo) {
  // It is not waited for: only what libpq makes of the words is of interest here.
  const char* const keyword[] = {"dbname", nullptr};
  const char* const value[] = {conninfo.c_str(), nullptr};
  const Line line(PQconnectStartParams(keyword, value, 1));
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(PQconninfo(line.get()),
                                                                             &PQconninfoFree);
  if (options == nullptr)
    return refuse(Code::kUsage,
                  {"the store's connection string cannot be read", "無法解讀資料庫的連線字串"});
  std::vector<std::string> hosts;
  std::vector<std::string> addresses;
  std::vector<std::string> ports{""};
  for (const auto* option = options.get(); option->keyword != nullptr; ++option) {
    const std::string_view name(option->keyword);
    if (option->val == nullptr || *option->val == '\0') continue;
    if (name == "host") hosts = parts_of(option->val);
    if (name == "hostaddr") addresses = parts_of(option->val);
    if (name == "port") ports = parts_of(option->val);
  }
  const auto count = std::max<std::size_t>({hosts.size(), addresses.size(), 1});
  std::vector<Server> servers;
  for (std::size_t i = 0; i < count; ++i)
    servers.push_back({i < hosts.size() ? hosts[i] : std::string(),
                       i < addresses.size() ? addresses[i] : std::string(), part(ports, i)});
  return servers;
}

Role role_of(pg_conn* connection) {
  const std::unique_ptr<pg_result, decltype(&PQclear)> row(
      PQexec(
          connection,
          "SELECT system_identifier, pg_is_in_recovery(), CASE WHEN NOT pg_is_in_recovery()"
          " THEN substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) END FROM pg_control_system()"),
      &PQclear);
  Role role;
  if (PQresultStatus(row.get()) != PGRES_TUPLES_OK || PQntuples(row.get()) != 1) {
    // A server that is made otherwise inside: it takes writes if it says so.
    const char* reads_only = PQparameterStatus(connection, "in_hot_standby");
    role.is_primary = reads_only == nullptr || std::string_view(reads_only) == "off";
    return role;
  }
  role.is_primary = std::string_view(PQgetvalue(row.get(), 0, 1)) == "f";
  if (!role.is_primary) return role;
  role.lineage.system = PQgetvalue(row.get(), 0, 0);
  const std::string_view timeline(PQgetvalue(row.get(), 0, 2));
  std::from_chars(timeline.data(), timeline.data() + timeline.size(), role.lineage.timeline, 16);
  return role;
}

Result<std::vector<Sighting>> look_at_servers(const std::string& conninfo) {
  auto servers = servers_of(conninfo);
  if (!servers) return fail(servers.error());
  std::vector<Sighting> sightings;
  for (auto& server : *servers) {
    const auto line = dial(conninfo, server);
    Sighting sighting{std::move(server), std::nullopt, {}};
    if (PQstatus(line.get()) == CONNECTION_OK)
      sighting.role = role_of(line.get());
    else
      sighting.why = lost(line.get()).error.message();
    sightings.push_back(std::move(sighting));
  }
  return sightings;
}

Lineage furthest(const std::vector<Sighting>& sightings) {
  Lineage found;
  for (const auto& sighting : sightings)
    if (sighting.role && sighting.role->is_primary &&
        (found.system.empty() || found.is_before(sighting.role->lineage)))
      found = sighting.role->lineage;
  return found;
}

}  // namespace assay::collector::postgres
