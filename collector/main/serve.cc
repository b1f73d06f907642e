#include <fmt/core.h>
#include <pthread.h>
#include <signal.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <nlohmann/json.hpp>
#include <thread>

#ifdef ASSAY_HAS_API
#include "collector/api/api_server.h"
#endif
#include "collector/content/catalogue.h"
#include "collector/content/content_renewal.h"
#include "collector/evaluation/content_keeper.h"
#include "collector/evaluation/evaluation_queue.h"
#include "collector/identity/key_file.h"
#include "collector/ingest/door.h"
#include "collector/ingest/ingest_server.h"
#include "collector/ledger/sequencer.h"
#include "collector/log/json_lines.h"
#include "collector/main/commands.h"
#include "collector/main/grpc_log.h"
#include "collector/main/settings.h"
#include "collector/main/state.h"
#include "collector/reports/report_maker.h"
#include "collector/stamps/authority_client.h"
#include "collector/stamps/time_stamper.h"
#include "collector/witnesses/witness_caller.h"
#include "evidence/refusal.h"

namespace assay::collector {
namespace {

constexpr std::chrono::seconds kGrace{3};
// Of the threads that judge: more than these wait for the store, which one alone writes to.
constexpr std::size_t kMaxJudges = 4;

// Blocks the signals that the program acts on in this and all later threads; wait() takes them.
class Signals {
 public:
  Signals() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGTERM);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    // Whoever read our log or a connection may go away; the collector goes on.
    (void)::signal(SIGPIPE, SIG_IGN);
  }
  // Until SIGTERM or SIGINT.
  void wait(const std::function<void()>& on_hangup) const {
    for (;;) {
      int number = 0;
      if (sigwait(&signals_, &number) != 0) continue;
      if (number != SIGHUP) return;
      on_hangup();
    }
  }

 private:
  sigset_t signals_{};
};

// "127.0.0.1:7443", "[::1]:7443" → address and port.
struct Address {
  std::string host;
  std::uint16_t port = 0;
};
Result<Address> parse_address(const std::string& text) {
  const auto colon = text.rfind(':');
  int port = -1;
  if (colon != std::string::npos && colon + 1 < text.size() &&
      text.find_first_not_of("0123456789", colon + 1) == std::string::npos &&
      text.size() - colon <= 6)
    port = std::stoi(text.substr(colon + 1));
  if (colon == 0 || port < 0 || port > 65535)
    return refuse(Code::kUsage,
                  {"an address to listen on is HOST:PORT, not {}",
                   "接受連線的位址須寫成 HOST:PORT，而不是 {}"},
                  text);
  std::string host = text.substr(0, colon);
  if (host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  return Address{std::move(host), static_cast<std::uint16_t>(port)};
}

struct Ports {
  int agents = 0;
  int api = 0;
};

// Nobody when the settings name no time-stamp authority.
Result<std::unique_ptr<TimeStamper>> start_time_stamper(const CommonOptions& common,
                                                        const Settings& settings, Store& store,
                                                        const LedgerKey& key) {
  if (settings.timestamps.url.empty()) return nullptr;
  auto authorities = stamp_authorities(settings, common.state);
  if (!authorities) return fail(authorities.error());
  auto url = http_url_from(settings.timestamps.url);
  if (!url) return fail(url.error());
  TimeStamperOptions options;
  options.every = settings.timestamps.every;
  options.authorities = std::move(*authorities);
  options.ledger = key.verifier();
  options.ask = [url = std::move(*url)](const std::string& query, const std::stop_token& stop) {
    return ask_authority(url, query, stop);
  };
  if (options.look > options.every) options.look = options.every;
  return std::make_unique<TimeStamper>(store, std::move(options));
}

// Nobody when the settings name no witness.
std::unique_ptr<WitnessCaller> start_witness_caller(const Settings& settings, Store& store,
                                                    const LedgerKey& key) {
  if (settings.witnessing.witnesses.empty()) return nullptr;
  WitnessCallerOptions options;
  options.every = settings.witnessing.every;
  options.witnesses = settings.witnessing.witnesses;
  options.ledger = key.verifier();
  if (options.look > options.every) options.look = options.every;
  return std::make_unique<WitnessCaller>(store, std::move(options));
}

#ifdef ASSAY_HAS_API
// Nobody when the settings do not want them. Once it is started it asks `api`, which is there then.
std::unique_ptr<ReportMaker> report_maker(const Settings& settings, Store& store,
                                          const std::unique_ptr<ApiServer>& api) {
  if (!settings.has_weekly_reports) return nullptr;
  ReportMakerOptions options;
  options.make = [&api](const Week& week) { return api->weekly_report(week); };
  return std::make_unique<ReportMaker>(store, std::move(options));
}
#endif

Terms terms_of(const Settings& settings) {
  return {settings.stale_after, settings.organisation};
}

Status announce(const CommonOptions& common, const Settings& settings, const Ports& ports,
                const evidence::Digest& fingerprint) {
  const auto with_port = [](const std::string& listen, int port) {
    return listen.substr(0, listen.rfind(':') + 1) + std::to_string(port);
  };
  const auto agents = with_port(settings.listen, ports.agents);
  const auto api = with_port(settings.api_listen, ports.api);
  nlohmann::ordered_json file;
  file["pid"] = ::getpid();
  file["listen"] = agents;
  file["port"] = ports.agents;
  file["api_listen"] = api;
  file["api_port"] = ports.api;
  file["ca_fingerprint"] = fingerprint.hex();
  if (auto done = write_key_file(common.state + "/serve.json", file.dump(2) + "\n"); !done)
    return done;
  fmt::print("ready: agents {}, API https://{}\n", agents, api);
  std::fflush(stdout);
  return {};
}

// Settings that cannot be used leave those of before in force.
void reload_settings(const CommonOptions& common, const Settings& started,
                     const std::function<void(const Settings&)>& take) {
  const auto settings = load_settings(common.state);
  if (!settings) {
    spdlog::error("settings: {}; those of before stay in force", settings.error().message());
    return;
  }
  for (const auto name : changed_at_start(started, *settings))
    spdlog::warn("settings: {} has changed, which counts from the next start on", name);
  take(*settings);
  spdlog::info("settings: read anew");
}

}  // namespace

Status run_serve(const CommonOptions& common, const ServeOptions& options) {
  const Signals signals;
  spdlog::set_default_logger(spdlog::stderr_logger_mt("assay-collector"));
  bound_grpc_log();
  allow_open_files();
  auto settings = load_settings(common.state);
  if (!settings) return fail(settings.error());
  if (settings->log_format == LogFormat::kJson)
    spdlog::set_formatter(std::make_unique<JsonLines>());
  const auto started = *settings;
  if (options.listen) settings->listen = *options.listen;
  if (options.api_listen) settings->api_listen = *options.api_listen;
  const auto address = parse_address(settings->listen);
  if (!address) return fail(address.error());
  const auto api_address = parse_address(settings->api_listen);
  if (!api_address) return fail(api_address.error());
  const auto authority = Authority::open(identity_folder(common.state));
  if (!authority) return fail(authority.error());
  const auto ledger_key =
      LedgerKey::open_or_create(identity_folder(common.state), authority->fingerprint());
  if (!ledger_key) return fail(ledger_key.error());
  // Two would judge everything twice and write each other's serve.json.
  const auto lock = ServeLock::take(common.state);
  if (!lock) return fail(lock.error());
  auto store = open_store(common.state, false);
  if (!store) return fail(store.error());
  ContentRenewal renewal(ContentSource({common.state, settings->content, settings->content_trust}),
                         system_now);
  if (auto opened = renewal.open(); !opened) return opened;
  const auto content = renewal.content();
  if (auto kept = keep_catalogue(**store, *content, system_now()); !kept) return kept;
  if (auto kept = (*store)->add_terms(terms_of(*settings), system_now()); !kept) return kept;
  Evaluator evaluator(**store, content, system_now);
  ContentKeeper keeper(**store, evaluator, content, system_now);
  // By nothing less than all that is approved: otherwise verdicts would change back and forth.
  if (auto done = keeper.refresh(); !done) return done;
  QueueOptions queue_options;
  queue_options.threads =
      std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, kMaxJudges);
  queue_options.before_look = [&keeper] {
    if (auto done = keeper.refresh_if_due(); !done)
      spdlog::error("approvals: {}; hosts are judged by what was approved before",
                    done.error().message());
  };
  EvaluationQueue queue(**store, evaluator, queue_options);
  Sequencer sequencer(**store, *ledger_key, {});
  const auto stamper = start_time_stamper(common, *settings, **store, *ledger_key);
  if (!stamper) return fail(stamper.error());
  const auto caller = start_witness_caller(*settings, **store, *ledger_key);
  IngestOptions ingest_options;
  ingest_options.listen = settings->listen;
  ingest_options.agents = settings->agents;
  ingest_options.quotas = settings->quotas;
  ingest_options.ledger = ledger_key->verifier();
  ingest_options.on_accepted = [&queue, &sequencer](const std::string& host_id) {
    sequencer.notify();
    queue.submit(host_id);
  };
  auto ingest = IngestServer::start(**store, *authority, std::move(ingest_options));
  if (!ingest) return fail(ingest.error());
  Ports ports{(*ingest)->port(), 0};
#ifdef ASSAY_HAS_API
  std::unique_ptr<ApiServer> api;
  const auto reports = report_maker(*settings, **store, api);
  const auto keys = authority->server(system_now());
  if (!keys) return fail(keys.error());
  ApiOptions api_options;
  api_options.address = api_address->host;
  api_options.port = api_address->port;
  api_options.certificate_pem = keys->certificate;
  api_options.private_key_pem = keys->key;
  api_options.ca_pem = authority->ca_certificate();
  api_options.scan_now = [&attendance = (*ingest)->attendance()](const std::string& host_id) {
    return attendance.scan_now(host_id);
  };
  api_options.stale_after = settings->stale_after;
  api_options.organisation = settings->organisation;
  api_options.register_changed = [&queue](const std::string& host_id) { queue.submit(host_id); };
  api_options.approvals_changed = [&keeper, &queue] {
    if (auto done = keeper.refresh(); !done)
      spdlog::error("approvals: {}; it is tried again", done.error().message());
    queue.look_now();
  };
  api_options.ledger_key = evidence::to_text(ledger_key->verifier());
  api_options.content_state = [&renewal] { return renewal.state(); };
  api_options.figures = [&server = **ingest, &queue, stamps = stamper->get(),
                         witnesses = caller.get(), reports = reports.get()] {
    auto figures = server.figures();
    figures.push_back({"assay_evaluations_waiting", "Hosts that wait to be judged.",
                       static_cast<double>(queue.waiting())});
    if (stamps != nullptr) std::ranges::move(stamps->figures(), std::back_inserter(figures));
    if (witnesses != nullptr) std::ranges::move(witnesses->figures(), std::back_inserter(figures));
    if (reports != nullptr) std::ranges::move(reports->figures(), std::back_inserter(figures));
    return figures;
  };
  auto started_api = ApiServer::start(std::move(api_options), **store, content);
  if (!started_api) return fail(started_api.error());
  api = std::move(*started_api);
  ports.api = api->port();
#endif
  if (auto done = announce(common, *settings, ports, authority->fingerprint()); !done) return done;
  renewal.start([&](std::shared_ptr<const checks::Content> newer) -> Status {
    if (auto kept = keep_catalogue(**store, *newer, system_now()); !kept) return kept;
    if (auto taken = keeper.replace(newer); !taken) return taken;
#ifdef ASSAY_HAS_API
    api->set_content(std::move(newer));
#endif
    queue.look_now();  // every host is due, as it was judged by another content
    return {};
  });
#ifdef ASSAY_HAS_API
  if (reports) reports->start();
#endif
  signals.wait([&] {
    renewal.reload();
    reload_settings(common, started, [&](const Settings& now) {
      (*ingest)->configure(now.agents, now.quotas);
      // What is not on record is not answered by: it could not be answered again.
      if (auto kept = (*store)->add_terms(terms_of(now), system_now()); !kept) {
        spdlog::error("settings: {}; stale_after_days and organisation of before stay in force",
                      kept.error().message());
        return;
      }
#ifdef ASSAY_HAS_API
      api->set_terms(now.stale_after, now.organisation);
#endif
    });
  });
  spdlog::info("stopping");
  renewal.stop();
#ifdef ASSAY_HAS_API
  api->stop();
#endif
  (*ingest)->stop(kGrace);
  sequencer.stop();
  if (*stamper) (*stamper)->stop();
  if (caller) caller->stop();
  queue.stop();
#ifdef ASSAY_HAS_API
  if (reports) reports->stop();  // last, as a report that is being made is waited for
#endif
  std::error_code error;
  std::filesystem::remove(common.state + "/serve.json", error);
  return {};
}

}  // namespace assay::collector
