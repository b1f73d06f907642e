#include "agent/scan/network/network_look.h"

#include "agent/scanner/scanned_tables.h"

namespace assay::agent {

namespace {

using std::chrono::steady_clock;

Result<evidence::Table> listeners(Host& host, const ScannedTable* scanned) {
  if (scanned != nullptr && scanned->rows) return *scanned->rows;
  const auto* probe = find_probe("listening_ports");
  if (probe == nullptr) return fail(Code::kNotSupported, "no probe fills listening_ports");
  auto collected = collect(host, *probe, false);
  if (!collected.is_ok()) return fail(Code::kUnavailable, "listening_ports: " + collected.reason);
  return *std::move(collected.rows);
}

Result<NetworkFacts> facts_for(Host& host, NetworkSubject subject, const NetworkLook& look,
                               const ScannedTable* scanned) {
  NetworkFacts out{.settings = look.settings, .own = {}, .now = host.now()};
  if (subject == NetworkSubject::kOthers) return out;
  const auto ports = listeners(host, scanned);
  if (!ports) return fail(ports.error());
  out.own = local_endpoints(*ports);
  return out;
}

Result<std::vector<evidence::Table>> ask(NetworkSource& source, const NetworkLook& look,
                                         const NetworkFacts& facts, Cost* cost, bool* is_later) {
  const auto question = source.question(facts);
  *is_later = !question && question.error().code() == Code::kUnavailable;
  if (!question) return fail(question.error());
  if (question->is_empty) return source.answer({});
  const auto ended = look.run(*question);
  if (!ended) return fail(ended.error());
  cost->cpu = ended->cpu;
  cost->memory_bytes = ended->peak_bytes;
  cost->read_bytes = ended->output.size();
  if (ended->code != 0)
    return fail(Code::kUnavailable, "assay-scanner ended with code " + std::to_string(ended->code) +
                                        "; its log says why");
  auto tables = scanned_tables(ended->output);
  if (!tables) return fail(tables.error());
  return source.answer(*std::move(tables));
}

}  // namespace

NetworkLook look_with_scanner(const Settings& settings, bool is_told,
                              std::function<bool()> must_end) {
  return {&settings, is_told,
          [must_end = std::move(must_end)](const NetworkQuestion& question) -> Result<ScannerEnd> {
            const auto program = scanner_program();
            if (!program) return fail(program.error());
            return run_scanner({.program = *program,
                                .arguments = question.arguments,
                                .input = question.input,
                                .time_limit = question.time_limit,
                                .must_end = must_end});
          }};
}

NetworkAnswer look_at_network(Host& host, const KnownNetworkSource& source, const NetworkLook& look,
                              const ScannedTable* listening_ports, bool keep_frames) {
  NetworkAnswer out;
  const auto start = steady_clock::now();
  const auto made = source.make();
  Cost cost;
  Result<std::vector<evidence::Table>> tables = std::vector<evidence::Table>();
  if (const auto facts = facts_for(host, source.subject, look, listening_ports))
    tables = ask(*made, look, *facts, &cost, &out.is_later);
  else
    tables = fail(facts.error());
  cost.wall = std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - start);
  out.loss = made->loss();
  if (!tables) {
    if (!out.is_later) out.loss = std::string(source.name) + ": " + tables.error().message();
    for (const auto name : source.tables) out.tables.push_back(missing(name, tables.error()));
  } else {
    for (auto& table : *tables) out.tables.push_back(finished_table(std::move(table), keep_frames));
  }
  auto& bearer = out.tables.front();
  bearer.cost = cost;
  bearer.milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(cost.wall).count();
  return out;
}

std::string not_asked(const KnownNetworkSource& source) {
  return "the network was not looked at in this scan (--network, or network." +
         std::string(source.name) + ": on in the settings)";
}

std::vector<ScannedTable> not_looked_at(const KnownNetworkSource& source, std::string_view why) {
  std::vector<ScannedTable> out;
  for (const auto name : source.tables)
    out.push_back(missing(name, Error(Code::kUnavailable, std::string(why))));
  return out;
}

}  // namespace assay::agent
