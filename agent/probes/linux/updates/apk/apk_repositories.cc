#include "agent/probes/linux/updates/apk/apk_repositories.h"

#include <openssl/evp.h>

#include "agent/probes/linux/text/lines.h"
#include "evidence/digest.h"

namespace assay::agent {
namespace {

constexpr std::string_view kFile = "/etc/apk/repositories";
constexpr std::string_view kFolder = "/etc/apk/repositories.d";
// The second is where a disk keeps the cache of a system that runs from memory.
constexpr std::array<std::string_view, 2> kCaches = {"/var/cache/apk", "/etc/apk/cache"};

// The first four bytes of the digest.
std::string short_digest(const ::EVP_MD* kind, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (::EVP_Digest(text.data(), text.size(), digest.data(), &size, kind, nullptr) != 1) return {};
  return evidence::to_hex({reinterpret_cast<const char*>(digest.data()), 4});
}

}  // namespace

void parse_apk_repositories(std::string_view text, ApkRepositories& repositories) {
  Lines lines(text);
  while (const auto raw = lines.next()) {
    auto line = trimmed(*raw);
    if (line.empty() || line.starts_with('#')) continue;
    ApkRepository repository;
    if (line.starts_with('@')) {
      const auto end = line.find_first_of(" \t");
      if (end == std::string_view::npos) continue;
      repository.tag = line.substr(1, end - 1);
      line = trimmed(line.substr(end));
    }
    if (line.find_first_of(" \t") != std::string_view::npos ||
        (!line.starts_with('/') && line.find("://") == std::string_view::npos)) {
      repositories.not_understood.emplace_back(line.substr(0, line.find_first_of(" \t")));
      continue;
    }
    while (line.size() > 1 && line.ends_with('/')) line.remove_suffix(1);
    repository.url = line;
    repositories.found.push_back(std::move(repository));
  }
}

Result<ApkRepositories> read_apk_repositories(Host& host) {
  ApkRepositories repositories;
  std::vector<std::string> paths = {std::string(kFile)};
  const auto names = host.list_directory(kFolder, kMaxDirectoryEntries);
  if (!names && names.error().code() != Code::kNotFound) return fail(names.error());
  if (names)
    for (const auto& name : *names)
      if (name.ends_with(".list")) paths.push_back(std::string(kFolder).append("/").append(name));
  for (const auto& path : paths) {
    const auto text = host.read_file(path, kMaxConfigBytes);
    if (!text && text.error().code() == Code::kNotFound) continue;
    if (!text) return fail(text.error());
    parse_apk_repositories(*text, repositories);
  }
  return repositories;
}

std::vector<std::string> apk_index_paths(const ApkRepository& repository, std::string_view arch) {
  const auto index = repository.url + "/" + std::string(arch) + "/APKINDEX.tar.gz";
  if (index.starts_with('/')) return {index};
  std::vector<std::string> paths;
  for (const auto cache : kCaches)
    // apk 3 takes the digest of the index' address, apk 2 that of the repository's.
    for (const auto& digest :
         {short_digest(::EVP_sha256(), index), short_digest(::EVP_sha1(), repository.url)})
      paths.push_back(std::string(cache) + "/APKINDEX." + digest + ".tar.gz");
  return paths;
}

}  // namespace assay::agent
