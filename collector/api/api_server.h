// The collector's door for people: HTTPS with JSON below /api/v1 (docs/api/openapi.yaml), /metrics
// and /healthz. Evidence and verdicts are only read; agents may be asked to scan, and people put on
// record what they know and decide: the register of machines, approvals, waivers, attestations.
// Serves at once when started, until it is stopped or destroyed.
//
// The methods are for one thread, but set_content() and weekly_report() are for any. Requests are
// answered on threads of its own: one carries the network, `workers` ask the store.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "checks/engine/content.h"
#include "collector/content/content_state.h"
#include "collector/reports/week.h"
#include "collector/store/store.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::collector {

// Everything that a caller may take, before it is known who it is (and api::kMaxBodyBytes).
inline constexpr std::size_t kMaxHeaderBytes = 8U << 10U;
inline constexpr std::size_t kMaxConnections = 256;
// Larger bodies, of people who may send them, that are in memory at one time.
inline constexpr std::size_t kMaxUploads = 4;

struct ApiOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8443;  // 0: any that is free
  std::string certificate_pem;
  std::string private_key_pem;
  std::string ca_pem;  // sent behind the certificate, so that it can be pinned by its fingerprint
  std::size_t workers = 2;
  // From the first byte awaited to the last byte of a request, and for sending an answer.
  std::chrono::milliseconds handshake_time{10'000};
  std::chrono::milliseconds request_time{20'000};
  std::chrono::milliseconds answer_time{60'000};
  std::chrono::milliseconds upload_time{120'000};  // for the body of an upload
  std::function<evidence::Seconds()> now;          // the clock; the system's unless set
  // Asks the agent of a host to scan; false when it is not attending. Called on a worker, until
  // stop() returns. Empty: nobody can be asked.
  std::function<bool(const std::string& host_id)> scan_now;
  // What the register says of the host has changed: judge it again. May be empty.
  std::function<void(const std::string& host_id)> register_changed;
  // A host whose last scan is older says nothing of today.
  std::chrono::seconds stale_after = std::chrono::days(7);
  // A list of what is approved has changed: judge by it from now on. May be empty.
  std::function<void()> approvals_changed;
  // The public key of the ledger, as text; empty: there is none.
  std::string ledger_key;
  // How often what is new is read for the next question to the fleet.
  std::chrono::seconds read_ahead{60};
  // To whom the documents' controls are put.
  checks::Organisation organisation;
  // What the collector says of the content of its files. Called on a worker; may be empty.
  std::function<ContentState()> content_state;
  // For /metrics: what the other parts of the collector tell of themselves. Called on a worker,
  // until stop() returns. May be empty.
  std::function<std::vector<Figure>()> figures;
};

class ApiServer {
 public:
  // kConfiguration for a key or certificate that does not fit, kIo (kPermissionDenied) when the
  // address cannot be listened on. `store` must outlive the server.
  [[nodiscard]] static Result<std::unique_ptr<ApiServer>> start(
      ApiOptions options, Store& store, std::shared_ptr<const checks::Content> content);
  ~ApiServer();
  ApiServer(const ApiServer&) = delete;
  ApiServer& operator=(const ApiServer&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  // Requests that come from now on are answered by this content; those that are being answered keep
  // the one that they began with.
  void set_content(std::shared_ptr<const checks::Content> content);
  // Likewise: from when on a host's last scan says nothing of today, and to whom controls are put.
  void set_terms(std::chrono::seconds stale_after, checks::Organisation organisation);
  // The content of a week's report, as weekly_report() makes it; from any thread.
  [[nodiscard]] Result<std::string> weekly_report(const Week& week) const;
  // Ends every connection; answers that are being made are not sent. Twice does no harm.
  void stop();

 private:
  class Impl;
  explicit ApiServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace assay::collector
