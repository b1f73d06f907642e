// Who is calling, and whether it still may. Asked on every call: a revoked certificate is refused
// at the next message it sends.
//
// What a certificate says, and that the CA issued it, cannot change: it is read and verified once
// and remembered. Its record is asked for anew each time, and so is the clock.
//
// Safe from any thread; waits for the store.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "collector/identity/authority.h"
#include "collector/store/recent_map.h"
#include "collector/store/store.h"
#include "evidence/digest.h"
#include "evidence/result.h"
#include "evidence/signature.h"
#include "evidence/timestamp.h"

namespace assay::collector {

struct Caller {
  std::string host_id;
  std::string serial;
  std::string certificate;  // PEM
  evidence::Seconds not_before;
  evidence::Seconds not_after;
  std::optional<evidence::VerifyingKey> key;  // of the certificate; always set by the Gate
};

class Gate {
 public:
  // Both must outlive the Gate.
  Gate(Store& store, const Authority& authority);

  // `certificate` is what the TLS layer verified; empty when the caller showed none.
  // kUnauthenticated: none, not ours, not valid now, or never recorded (then an event is).
  // kRefused: revoked (an event is recorded).
  [[nodiscard]] Result<Caller> admit(std::string_view certificate, evidence::Seconds now);
  // The host that the certificate names; empty when it names none. Only to find streams by: that
  // it was not refused says nothing. Does not wait for the store.
  [[nodiscard]] std::string host_named_by(std::string_view certificate, evidence::Seconds now);
  // The first half of admit(), which does not wait for the store: what the certificate says. The
  // second is check().
  [[nodiscard]] Result<Caller> identify(std::string_view certificate, evidence::Seconds now);
  // Whether who was identified, now or before on the same connection, may send: `record` is what is
  // recorded of its certificate now. The failures of admit(), and kUnavailable while our clock is
  // behind the certificate: it was set back since.
  [[nodiscard]] Status check(const Caller& caller, const std::optional<Certificate>& record,
                             evidence::Seconds now);

 private:
  // Certificates of either half of what is remembered; a key takes some 3 KB.
  static constexpr std::size_t kMaxRemembered = 16'384;
  // A certificate of the CA, as it was read and verified the first time.
  struct Known {
    evidence::CertificateFacts facts;
    evidence::VerifyingKey key;
    evidence::Seconds from;  // when both it and the CA's certificate are valid
    evidence::Seconds until;
  };

  // nullptr when it was not seen before, or too long ago.
  std::shared_ptr<const Known> remembered(const evidence::Digest& pem);
  Result<std::shared_ptr<const Known>> verify(std::string_view certificate, evidence::Seconds now);

  Store& store_;
  const Result<evidence::OpenedCertificate> ca_;
  std::mutex mutex_;
  RecentMap<evidence::Digest, std::shared_ptr<const Known>> known_{kMaxRemembered};
};

}  // namespace assay::collector
