#include "agent/identity/identity.h"

#include "agent/identity/signing_request.h"
#include "agent/state/disk.h"
#include "evidence/limits.h"

namespace assay::agent {

namespace {

constexpr const char* kKey = "agent.key";
constexpr const char* kCertificate = "agent.crt";
constexpr const char* kCa = "ca.crt";
constexpr const char* kHostId = "host_id";
constexpr const char* kCollector = "collector";
// A renewal's pair lies beside the old one until both are complete.
constexpr const char* kNextKey = "agent.key.next";
constexpr const char* kNextCertificate = "agent.crt.next";
constexpr std::size_t kMaxLineBytes = 512;
constexpr unsigned kPrivate = 0600;

std::string at(const StateFolder& state, const char* file) {
  return state.identity() + "/" + file;
}

Result<std::string> read_line(const StateFolder& state, const char* file) {
  auto text = read_state_file(at(state, file), kMaxLineBytes);
  if (text) text->resize(std::min(text->find('\n'), text->size()));
  return text;
}

// The certificate of the key: the present one, or, between two renames, the next one.
Result<std::string> fitting_certificate(const StateFolder& state, const std::string& key) {
  auto present = read_state_file(at(state, kCertificate), evidence::kMaxPemBytes);
  if (!present) return present;
  const auto fits = check_key_fits(key, *present);
  if (fits) return present;
  auto next = read_state_file(at(state, kNextCertificate), evidence::kMaxPemBytes);
  if (next && check_key_fits(key, *next)) return next;
  return fail(Error(Code::kInvalidData, fits.error().message() + "; enroll this machine again"));
}

Result<Identity> load_once(const StateFolder& state) {
  Identity out;
  auto key = read_state_file(at(state, kKey), evidence::kMaxPemBytes);
  if (!key && key.error().code() == Code::kNotFound)
    return fail(Code::kNotFound, "this machine is not enrolled (no " + at(state, kKey) + ")");
  if (!key) return fail(key.error());
  auto certificate = fitting_certificate(state, *key);
  if (!certificate) return fail(certificate.error());
  auto ca = read_state_file(at(state, kCa), evidence::kMaxPemBytes);
  if (!ca) return fail(ca.error());
  auto host_id = read_line(state, kHostId);
  if (!host_id) return fail(host_id.error());
  auto collector = read_line(state, kCollector);
  if (!collector) return fail(collector.error());
  const auto facts = evidence::read_certificate(*certificate);
  if (!facts) return fail(facts.error());
  if (facts->host_id != *host_id)
    return fail(Code::kInvalidData, "the certificate is another host's; enroll this machine again");
  return Identity{std::move(*host_id), std::move(*key), std::move(*certificate), std::move(*ca),
                  std::move(*collector)};
}

}  // namespace

Result<Identity> load_identity(const StateFolder& state) {
  // The courier may be between its two renames; then the second look sees both.
  auto first = load_once(state);
  if (first || first.error().code() == Code::kNotFound) return first;
  return load_once(state);
}

Status check_identity(const Identity& identity, evidence::Seconds now) {
  if (auto fits = check_key_fits(identity.key, identity.certificate); !fits) return fits;
  if (auto issued = evidence::verify_issued_by(identity.certificate, identity.ca, now); !issued)
    return issued;
  const auto facts = evidence::read_certificate(identity.certificate);
  if (!facts) return fail(facts.error());
  if (facts->host_id.empty() || facts->host_id != identity.host_id)
    return fail(Code::kInvalidData,
                "the certificate does not name the host id " + identity.host_id);
  return {};
}

Status store_identity(const StateFolder& state, const Identity& identity) {
  Disk disk;
  if (auto done = disk.write(at(state, kCa), identity.ca, kPrivate); !done) return done;
  for (const auto& [file, line] : {std::pair{kHostId, identity.host_id + "\n"},
                                   std::pair{kCollector, identity.collector + "\n"}})
    if (auto done = disk.write(at(state, file), line, kPrivate); !done) return done;
  return store_renewed(state, identity.key, identity.certificate);
}

Status store_renewed(const StateFolder& state, std::string_view key, std::string_view certificate) {
  Disk disk;
  if (auto done = disk.write(at(state, kNextCertificate), certificate, kPrivate); !done)
    return done;
  if (auto done = disk.write(at(state, kNextKey), key, kPrivate); !done) return done;
  if (auto done = disk.move(at(state, kNextKey), at(state, kKey)); !done) return done;
  return disk.move(at(state, kNextCertificate), at(state, kCertificate));
}

evidence::Seconds renewal_due(const evidence::CertificateFacts& facts) {
  return facts.not_before + (facts.not_after - facts.not_before) * 2 / 3;
}

}  // namespace assay::agent
