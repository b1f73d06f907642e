// The least that a server of this protocol can do: it answers every beat and every offer, asks
// for the tables of the first of them, and looks at nothing. The floor of the transport, under the
// same player.
#pragma once

#include <string>

namespace assay::bench {

// With the identity of the collector whose state folder this is. Serves until SIGTERM.
int serve_echo(const std::string& state);
// Takes snapshots in and keeps them, and judges nothing: ingest and store alone. `conninfo` as in
// stores.h; port 0: any free one.
int serve_ingest(const std::string& state, int port, const std::string& conninfo);

}  // namespace assay::bench
