#include "agent/courier/enroll.h"

#include <unistd.h>

#include <array>

#include "agent/courier/pinned_authority.h"
#include "agent/identity/signing_request.h"
#include "assay/v1/enrollment.grpc.pb.h"
#include "assay/v1/limits.pb.h"
#include "evidence/clock.h"

namespace assay::agent {

namespace {

constexpr std::chrono::seconds kTimeout{30};

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "unknown";
  // Protobuf takes UTF-8 only; a host's name is ASCII by every standard there is.
  std::string out;
  for (const char c : std::string_view(name.data())) out.push_back(c > ' ' && c < 127 ? c : '-');
  return out;
}

void limit(grpc::ClientContext& context) {
  context.set_deadline(std::chrono::system_clock::now() + kTimeout);
}

}  // namespace

Result<Identity> enroll(const StateFolder& state, const std::string& collector,
                        const EnrollmentToken& token) {
  const auto address = address_from(collector);
  if (!address) return fail(address.error());
  const auto ca = fetch_authority(*address, token.authority, kTimeout);
  if (!ca) return fail(ca.error());
  auto request = new_signing_request(host_name());
  if (!request) return fail(request.error());

  const auto stub = v1::Enrollment::NewStub(open_channel(collector, *ca));
  grpc::ClientContext context;
  limit(context);
  v1::EnrollRequest question;
  question.set_token(token.secret);
  question.set_signing_request(request->request);
  question.set_host_name(host_name());
  v1::EnrollResponse answer;
  if (const auto status = stub->Enroll(&context, question, &answer); !status.ok()) {
    const auto error = error_of(status);
    if (error.code() != Code::kUnauthenticated) return fail(error.within("enrolling"));
    return fail(Code::kUnauthenticated, "the token is unknown, expired or was used before");
  }
  const auto shown = evidence::read_certificate(answer.ca_certificate());
  if (!shown || shown->fingerprint != token.authority)
    return fail(Code::kUnauthenticated, "the collector answered with another CA than its own");
  Identity identity{answer.host_id(), request->key, answer.certificate(), *ca, collector};
  if (auto good = check_identity(identity, evidence::system_now()); !good)
    return fail(good.error().within("the collector's answer"));
  if (auto stored = store_identity(state, identity); !stored) return fail(stored.error());
  return identity;
}

Status renew(const StateFolder& state, const Identity& identity,
             const std::shared_ptr<grpc::Channel>& channel) {
  auto request = new_signing_request(host_name());
  if (!request) return fail(request.error());
  grpc::ClientContext context;
  limit(context);
  v1::RenewRequest question;
  question.set_signing_request(request->request);
  v1::RenewResponse answer;
  const auto stub = v1::Enrollment::NewStub(channel);
  if (const auto status = stub->Renew(&context, question, &answer); !status.ok())
    return fail(error_of(status).within("renewing the certificate"));
  const Identity next{identity.host_id, request->key, answer.certificate(), identity.ca,
                      identity.collector};
  if (auto good = check_identity(next, evidence::system_now()); !good)
    return fail(good.error().within("the renewed certificate"));
  return store_renewed(state, next.key, next.certificate);
}

}  // namespace assay::agent
