// The collector over HTTPS. No certificate authority is trusted but the one of the login.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "cli/client/login.h"
#include "cli/client/remote.h"
#include "evidence/digest.h"

namespace assay::cli {

inline constexpr std::size_t kMaxAnswerBytes = 256U << 20U;

class RestClient final : public Remote {
 public:
  // Speaks to nobody yet.
  [[nodiscard]] static Result<std::unique_ptr<RestClient>> open(Login login);
  ~RestClient() override;
  RestClient(const RestClient&) = delete;
  RestClient& operator=(const RestClient&) = delete;

  using Remote::post;
  [[nodiscard]] Result<Json> get(const std::vector<std::string>& path, const Query& query) override;
  [[nodiscard]] Result<Json> post(const std::vector<std::string>& path, const Query& query,
                                  const RequestBody& body) override;
  [[nodiscard]] Result<Json> put(const std::vector<std::string>& path,
                                 const std::string& bytes) override;
  [[nodiscard]] Result<std::string> download(const std::vector<std::string>& path) override;

 private:
  struct Handle;
  RestClient(Login login, std::unique_ptr<Handle> handle);
  Result<std::string> ask(const std::string& url, std::size_t max_bytes);
  Result<Json> send(const char* method, const std::string& url, const std::string& body,
                    const std::string& type);
  Result<Json> parsed(const Result<std::string>& body) const;
  std::string url_of(const std::vector<std::string>& path, const Query& query) const;

  Login login_;
  std::unique_ptr<Handle> handle_;
};

// The certificate with this fingerprint (SHA-256 of its DER form) among those that the server at
// `url` shows, PEM. Nothing secret is sent. kUnauthenticated when it shows no such certificate.
[[nodiscard]] Result<std::string> certificate_shown_by(const std::string& url,
                                                       const evidence::Digest& fingerprint);

}  // namespace assay::cli
