#include "agent/courier/channel.h"

#include <stdlib.h>

#include "assay/v1/limits.pb.h"

namespace assay::agent {

namespace {

constexpr int kKeepaliveMilliseconds = 120'000;
constexpr int kKeepaliveTimeoutMilliseconds = 20'000;

std::shared_ptr<grpc::Channel> open(const std::string& address,
                                    const grpc::SslCredentialsOptions& options) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH, v1::LIMIT_MESSAGE_BYTES);
  arguments.SetInt(GRPC_ARG_MAX_SEND_MESSAGE_LENGTH, v1::LIMIT_MESSAGE_BYTES);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMilliseconds);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMilliseconds);
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);  // we know better when to try again
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  // Each attempt of ours is a fresh one: back-off and certificate are not shared between channels.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 1);
  return grpc::CreateCustomChannel(address, grpc::SslCredentials(options), arguments);
}

Code code_of(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::UNAUTHENTICATED: return Code::kUnauthenticated;
    case grpc::StatusCode::PERMISSION_DENIED: return Code::kRefused;
    case grpc::StatusCode::RESOURCE_EXHAUSTED: return Code::kNoSpace;
    case grpc::StatusCode::INVALID_ARGUMENT: return Code::kInvalidData;
    case grpc::StatusCode::DEADLINE_EXCEEDED: return Code::kTimedOut;
    case grpc::StatusCode::UNIMPLEMENTED: return Code::kNotSupported;
    case grpc::StatusCode::INTERNAL: return Code::kInternal;
    default: return Code::kUnavailable;
  }
}

}  // namespace

void prepare_transport() {
  // gRPC 1.51 has no setting for the lowest version and sets TLS 1.2 itself. This list rules the
  // ciphers of TLS 1.2 only; none of it goes with the ECDSA certificates of Assay's CA, so 1.3 is
  // all that is left (tests/unit/agent/courier/channel_test.cc proves it).
  (void)::setenv("GRPC_SSL_CIPHER_SUITES", "DHE-RSA-AES256-GCM-SHA384", 1);
}

std::shared_ptr<grpc::Channel> open_channel(const std::string& address, const std::string& ca) {
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = ca;
  return open(address, options);
}

std::shared_ptr<grpc::Channel> open_channel(const std::string& address, const Identity& identity) {
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = identity.ca;
  options.pem_private_key = identity.key;
  options.pem_cert_chain = identity.certificate;
  return open(address, options);
}

Error error_of(const grpc::Status& status) {
  constexpr std::size_t kMaxWords = 512;
  auto words = status.error_message().substr(0, kMaxWords);
  return {code_of(status.error_code()), words.empty() ? "the collector gave no reason" : words};
}

Text meaning_of(Code code) {
  switch (code) {
    case Code::kUnauthenticated:
      return {"the collector does not know this machine; enroll it again",
              "收集器不認得這台主機，請重新註冊"};
    case Code::kRefused:
      return {"the collector refuses this machine: its certificate was revoked",
              "收集器拒絕這台主機：憑證已被撤銷"};
    case Code::kNoSpace:
      return {"the collector has no room now; it is tried again",
              "收集器目前沒有空間，稍後會再試"};
    case Code::kInvalidData:
      return {"the collector did not understand this agent; do the versions fit?",
              "收集器無法解讀代理程式的資料，請確認版本是否相符"};
    case Code::kTimedOut:
      return {"the collector did not answer in time; it is tried again",
              "收集器逾時未回應，稍後會再試"};
    case Code::kNotSupported:
      return {"that collector does not offer this service; is the address right?",
              "該收集器未提供此服務，請確認位址是否正確"};
    case Code::kNotFound:
      return {"this machine is not enrolled", "這台主機尚未註冊"};
    case Code::kUnavailable:
      return {"the collector cannot be reached; it is tried again",
              "無法連線至收集器，稍後會再試"};
    default: return {"something went wrong on this machine", "這台主機發生錯誤"};
  }
}

}  // namespace assay::agent
