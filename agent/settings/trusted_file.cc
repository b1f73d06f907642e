#include "agent/settings/trusted_file.h"

#include <sys/stat.h>

#include <cerrno>
#include <filesystem>

#include "agent/state/disk.h"
#include "evidence/signature.h"

namespace assay::agent {

namespace {

constexpr std::size_t kMaxSignatureBytes = 256;
constexpr std::size_t kMaxCertificateBytes = 64U << 10U;

// A folder that all may write in, like /tmp, does no harm when only owners can rename there.
Status check_rights(const std::string& path, uid_t owner) {
  struct stat status{};
  if (::lstat(path.c_str(), &status) != 0) return fail(system_error(errno, path));
  if (S_ISLNK(status.st_mode)) return fail(Code::kConfiguration, path + " is a symbolic link");
  if (status.st_uid != 0 && status.st_uid != owner)
    return fail(Code::kConfiguration, path + " does not belong to root");
  const bool is_writable = (status.st_mode & (S_IWGRP | S_IWOTH)) != 0;
  const bool is_sticky_folder = S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX) != 0;
  if (is_writable && !is_sticky_folder)
    return fail(Code::kConfiguration, path + " can be written by others than root");
  return {};
}

Status check_rights_up(const std::filesystem::path& path, uid_t owner) {
  for (auto at = path;; at = at.parent_path()) {
    if (auto done = check_rights(at.string(), owner); !done) return done;
    if (at == at.root_path()) return {};
  }
}

}  // namespace

Status check_trusted_file(const std::string& path, std::string_view text, const std::string& trust,
                          uid_t owner) {
  std::error_code error;
  const auto folder = std::filesystem::canonical(std::filesystem::path(path).parent_path(), error);
  if (error) return fail(system_error(error.value(), path));
  const auto name = std::filesystem::path(path).filename();
  if (auto done = check_rights_up(folder / name, owner); !done) return done;
  const auto certificate = read_state_file(trust, kMaxCertificateBytes);
  if (!certificate && certificate.error().code() == Code::kNotFound) return {};
  if (!certificate) return fail(Code::kConfiguration, certificate.error().message());
  if (auto done = check_rights(trust, owner); !done) return done;
  const auto signature = read_state_file(path + std::string(kSignatureEnd), kMaxSignatureBytes);
  if (!signature)
    return fail(Code::kConfiguration, "there is no signature: " + signature.error().message());
  if (!evidence::verify_signature(*certificate, text, *signature))
    return fail(Code::kConfiguration, "the signature is not that of " + trust + " over this file");
  return {};
}

}  // namespace assay::agent
