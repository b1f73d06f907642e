#include "collector/content/trust.h"

#include <algorithm>
#include <filesystem>

#include "collector/content/read_whole.h"
#include "evidence/limits.h"
#include "evidence/refusal.h"
#include "evidence/signature.h"

namespace assay::collector {

namespace fs = std::filesystem;

Result<std::vector<std::string>> trust_files(const std::string& path) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (!fs::exists(status)) {
    if (path == kTrustFolder) return std::vector<std::string>();
    return refuse(Code::kConfiguration,
                  {"{}:1: content_trust: it is not there", "{}:1：content_trust：不存在"}, path);
  }
  if (!fs::is_directory(status)) return std::vector<std::string>{path};
  std::vector<std::string> files;
  fs::directory_iterator at(path, error);
  if (error) return fail(system_error(error.value(), path));
  for (const auto end = fs::directory_iterator(); at != end; at.increment(error)) {
    const auto extension = at->path().extension();
    if (extension != ".pem" && extension != ".crt") continue;
    std::error_code unknown;
    if (!at->is_regular_file(unknown))
      return refuse(Code::kConfiguration, {"{}:1: not a regular file", "{}:1：不是一般檔案"},
                    at->path().string());
    files.push_back(at->path().string());
    if (files.size() > kMaxTrusted)
      return refuse(Code::kConfiguration,
                    {"{}:1: more than 100 certificates", "{}:1：憑證超過 100 張"}, path);
  }
  if (error) return fail(system_error(error.value(), path));
  std::ranges::sort(files);
  return files;
}

Result<std::vector<TrustedCertificate>> read_trusted(const std::string& path) {
  const auto files = trust_files(path);
  if (!files) return fail(files.error());
  std::vector<TrustedCertificate> trusted;
  for (const auto& file : *files) {
    auto pem = read_whole(file, evidence::kMaxPemBytes);
    if (!pem) return fail(pem.error());
    const auto facts = evidence::read_certificate(*pem);
    if (!facts) return fail(Code::kConfiguration, facts.error().within(file + ":1").text());
    trusted.push_back(
        {file, std::move(*pem), facts->fingerprint, facts->not_before, facts->not_after});
  }
  return trusted;
}

}  // namespace assay::collector
