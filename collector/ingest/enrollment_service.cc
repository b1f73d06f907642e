#include "collector/ingest/enrollment_service.h"

#include "assay/v1/limits.pb.h"
#include "collector/identity/token.h"
#include "collector/ingest/credentials.h"
#include "collector/ingest/grpc_status.h"
#include "evidence/signature.h"

namespace assay::collector {
namespace {

constexpr std::size_t kMaxHostNameBytes = 255;

// Runs `work` on the pool and answers the call with what came of it.
template <typename Work>
grpc::ServerUnaryReactor* answer(grpc::CallbackServerContext* context, WorkerPool& pool,
                                 Work work) {
  auto* reactor = context->DefaultReactor();
  const bool is_posted = pool.try_post([reactor, work] {
    const Status done = work();
    reactor->Finish(done ? grpc::Status::OK : to_grpc(done.error()));
  });
  if (!is_posted) reactor->Finish({grpc::StatusCode::RESOURCE_EXHAUSTED, "the collector is busy"});
  return reactor;
}

}  // namespace

grpc::ServerUnaryReactor* EnrollmentService::Enroll(grpc::CallbackServerContext* context,
                                                    const v1::EnrollRequest* request,
                                                    v1::EnrollResponse* response) {
  return answer(context, pool_, [this, request, response] { return enroll(*request, *response); });
}

grpc::ServerUnaryReactor* EnrollmentService::Renew(grpc::CallbackServerContext* context,
                                                   const v1::RenewRequest* request,
                                                   v1::RenewResponse* response) {
  return answer(context, pool_, [this, request, response, peer = peer_certificate(*context)] {
    return renew(peer, *request, *response);
  });
}

Result<Certificate> EnrollmentService::issue(const std::string& signing_request,
                                             const std::string& host_id) {
  auto pem = authority_.issue_agent(signing_request, host_id, now_());
  if (!pem) {
    const auto code = pem.error().code();
    // Over a limit is a bad request here, not a lack of resources.
    return fail(code == Code::kTooLarge ? Code::kInvalidData : code, pem.error().message());
  }
  const auto facts = evidence::read_certificate(*pem);
  if (!facts) return fail(Code::kInternal, facts.error().message());
  return Certificate{facts->serial,    host_id,      facts->not_before,
                     facts->not_after, std::nullopt, std::move(*pem)};
}

Status EnrollmentService::enroll(const v1::EnrollRequest& request, v1::EnrollResponse& response) {
  const auto now = now_();
  if (request.signing_request().size() > v1::LIMIT_PEM_BYTES ||
      request.host_name().size() > kMaxHostNameBytes)
    return fail(Code::kInvalidData, "the request is over a limit");
  const auto hash = hash_of_token(request.token());
  const auto token = request.token().size() <= v1::LIMIT_TOKEN_BYTES
                         ? store_.token(hash)
                         : Result<Token>(fail(Code::kNotFound, "too long"));
  if (!token && token.error().code() != Code::kNotFound) return fail(token.error());
  if (!token || token->kind != TokenKind::kEnrollment || !token->is_good(now)) {
    Event event;
    event.kind = Event::Kind::kRejectedToken;
    event.detail = token ? "token " + token->id + " is expired, revoked or spent"
                         : "an unknown token was presented";
    event.last = now;
    (void)store_.add_event(event);  // the refusal stands whatever becomes of its record
    return fail(Code::kUnauthenticated, "the token is unknown, expired or spent");
  }
  const auto id = new_uuid();
  if (!id) return fail(id.error());
  const auto certificate = issue(request.signing_request(), *id);
  if (!certificate) return fail(certificate.error());
  Host host;
  host.id = *id;
  host.name = request.host_name();
  host.enrolled_at = now;
  if (auto done = store_.enroll(hash, host, *certificate, now); !done) return done;
  response.set_host_id(*id);
  response.set_certificate(certificate->pem);
  response.set_ca_certificate(authority_.ca_certificate());
  return {};
}

Status EnrollmentService::renew(const std::string& certificate, const v1::RenewRequest& request,
                                v1::RenewResponse& response) {
  const auto caller = gate_.admit(certificate, now_());
  if (!caller) return fail(caller.error());
  const auto renewed = issue(request.signing_request(), caller->host_id);
  if (!renewed) return fail(renewed.error());
  if (auto done = store_.add_certificate(*renewed); !done) return done;
  response.set_certificate(renewed->pem);
  return {};
}

}  // namespace assay::collector
