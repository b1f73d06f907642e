#include "agent/courier/channel.h"

#include <grpc/grpc_security.h>
#include <grpcpp/channel.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "assay/v1/limits.pb.h"

// gRPC 1.51 has this setter in its core library and no way to it from its headers. Should another
// version take it away, the link fails and nobody speaks TLS 1.2 unseen. (decision 0020)
class grpc_ssl_credentials {
 public:
  void set_min_tls_version(grpc_tls_version version);
};

namespace assay::agent {

namespace {

// What grpc::SslCredentials() is, for credentials made by the C core.
class CoreCredentials final : public grpc::ChannelCredentials {
 public:
  explicit CoreCredentials(grpc_channel_credentials* core) : core_(core) {}
  ~CoreCredentials() override { grpc_channel_credentials_release(core_); }
  CoreCredentials(const CoreCredentials&) = delete;
  CoreCredentials& operator=(const CoreCredentials&) = delete;

 private:
  grpc::SecureChannelCredentials* AsSecureCredentials() override { return nullptr; }
  std::shared_ptr<grpc::Channel> CreateChannelImpl(
      const std::string& target, const grpc::ChannelArguments& arguments) override {
    grpc_channel_args list;
    arguments.SetChannelArgs(&list);
    return grpc::CreateChannelInternal(
        "", grpc_channel_create(target.c_str(), core_, &list),
        std::vector<std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface>>());
  }

  grpc_channel_credentials* core_;
};

// gRPC counts its users: while one of these lives, the core may be called.
class Library : private grpc::GrpcLibraryCodegen {};

std::shared_ptr<grpc::ChannelCredentials> tls_credentials(const std::string& ca,
                                                          const Identity* identity) {
  const Library library;
  grpc_ssl_pem_key_cert_pair pair{};
  if (identity != nullptr) pair = {identity->key.c_str(), identity->certificate.c_str()};
  auto* core = grpc_ssl_credentials_create_ex(ca.c_str(), identity == nullptr ? nullptr : &pair,
                                              nullptr, nullptr);
  reinterpret_cast<grpc_ssl_credentials*>(core)->set_min_tls_version(grpc_tls_version::TLS1_3);
  return std::make_shared<CoreCredentials>(core);
}

constexpr int kKeepaliveMilliseconds = 120'000;
constexpr int kKeepaliveTimeoutMilliseconds = 20'000;

std::shared_ptr<grpc::Channel> open(const std::string& address,
                                    const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
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
  return grpc::CreateCustomChannel(address, credentials, arguments);
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

std::shared_ptr<grpc::Channel> open_channel(const std::string& address, const std::string& ca) {
  return open(address, tls_credentials(ca, nullptr));
}

std::shared_ptr<grpc::Channel> open_channel(const std::string& address, const Identity& identity) {
  return open(address, tls_credentials(identity.ca, &identity));
}

Error error_of(const grpc::Status& status) {
  constexpr std::size_t kMaxWords = 512;
  auto words = status.error_message().substr(0, kMaxWords);
  return {code_of(status.error_code()), words.empty() ? "the collector gave no reason" : words};
}

std::chrono::seconds retry_after_of(const grpc::ClientContext& context) {
  constexpr std::int64_t kLongest = 3600;
  const auto& trailing = context.GetServerTrailingMetadata();
  const auto found = trailing.find("retry-after");
  if (found == trailing.end()) return std::chrono::seconds(0);
  std::int64_t seconds = 0;
  const char* end = found->second.data() + found->second.size();
  const auto read = std::from_chars(found->second.data(), end, seconds);
  if (read.ec != std::errc() || read.ptr != end) return std::chrono::seconds(0);
  return std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, kLongest));
}

Text meaning_of(Code code) {
  switch (code) {
    case Code::kUnauthenticated:
      return {"the collector does not know this machine; enroll it again",
              "收集伺服器不認得這台主機，請重新註冊"};
    case Code::kRefused:
      return {"the collector refuses this machine: its certificate was revoked",
              "收集伺服器拒絕這台主機：憑證已被撤銷"};
    case Code::kNoSpace:  // the collector's or our own disk; the error's words tell which
      return {"there is no room now; once there is, trying again works",
              "目前空間不足，騰出空間後即可再試"};
    case Code::kConflict:
      return {"the collector did not take everything; see spool.set_aside of assay-agent status",
              "收集伺服器未接受全部資料，請見 assay-agent status 的 spool.set_aside"};
    case Code::kInvalidData:
      return {"the collector did not understand this agent; do the versions fit?",
              "收集伺服器無法解讀代理程式的資料，請確認版本是否相符"};
    case Code::kTimedOut:
      return {"the collector did not answer in time; it is tried again",
              "收集伺服器逾時未回應，稍後會再試"};
    case Code::kNotSupported:
      return {"that collector does not offer this service; is the address right?",
              "該收集伺服器未提供此服務，請確認位址是否正確"};
    case Code::kNotFound: return {"this machine is not enrolled", "這台主機尚未註冊"};
    case Code::kUnavailable:
      return {"the collector cannot be reached; it is tried again",
              "無法連線至收集伺服器，稍後會再試"};
    default: return {"something went wrong on this machine", "這台主機發生錯誤"};
  }
}

}  // namespace assay::agent
