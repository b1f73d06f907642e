#include "collector/content/content_source.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

#include "checks/bundle/content_bundle.h"
#include "checks/bundle/content_check.h"
#include "collector/content/read_whole.h"
#include "evidence/refusal.h"
#include "evidence/signature.h"

namespace assay::collector {
namespace {

void look_at(const std::string& path, std::string* all) {
  struct stat facts{};
  *all += path;
  if (::stat(path.c_str(), &facts) != 0) {
    *all += " errno " + std::to_string(errno) + "\n";
    return;
  }
  // The time of its change, too: rights that were given, a file put there with its old time.
  for (const auto number :
       {static_cast<long long>(facts.st_ino), static_cast<long long>(facts.st_size),
        static_cast<long long>(facts.st_mtim.tv_sec), static_cast<long long>(facts.st_mtim.tv_nsec),
        static_cast<long long>(facts.st_ctim.tv_sec),
        static_cast<long long>(facts.st_ctim.tv_nsec)})
    *all += " " + std::to_string(number);
  *all += "\n";
}

void look_at(const Result<std::vector<std::string>>& files, std::string* all) {
  if (!files) *all += files.error().message() + "\n";
  if (files)
    for (const auto& file : *files) look_at(file, all);
}

bool is_there(const std::string& path) {
  struct stat facts{};
  return ::lstat(path.c_str(), &facts) == 0 || errno != ENOENT;
}

std::string base_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

// "words line 12, more" → 12; 0 without one. That is how the JSON reader tells it.
std::int64_t line_in(std::string_view message) {
  constexpr std::string_view kWord = " line ";
  const auto at = message.find(kWord);
  std::int64_t line = 0;
  if (at != std::string_view::npos)
    (void)std::from_chars(message.data() + at + kWord.size(), message.data() + message.size(),
                          line);  // else it stays 0
  return line;
}

Result<LoadedContent> load_shipped(const std::string& path) {
  const auto text = read_whole(path, checks::kMaxContentBytes);
  if (!text) return fail(text.error());
  auto content = checks::content_from_json(*text);
  if (!content) return fail(content.error());
  if (Status sound = checks::check_compiled(*content); !sound) return fail(sound.error());
  return LoadedContent{std::make_shared<const checks::Content>(std::move(*content)),
                       {ContentOrigin::Kind::kShipped, path, std::nullopt, {}}};
}

Result<LoadedContent> load_bundle(const ContentPlaces& places, const std::string& path) {
  const auto trusted = read_trusted(places.trust);
  if (!trusted) return fail(trusted.error());
  const auto bytes = read_whole(path, checks::kMaxContentBytes);
  if (!bytes) return fail(bytes.error());
  auto bundle = read_content_bundle(*bytes, *trusted);
  if (!bundle) return fail(bundle.error());
  return LoadedContent{std::make_shared<const checks::Content>(std::move(bundle->content)),
                       {ContentOrigin::Kind::kBundle, path, std::move(bundle->facts), {}}};
}

}  // namespace

std::string content_folder(const ContentPlaces& places) {
  return places.state + "/content";
}

std::string installed_bundle_path(const ContentPlaces& places) {
  return content_folder(places) + "/installed.bundle";
}

std::string told_state_path(const ContentPlaces& places) {
  return content_folder(places) + "/state.json";
}

Result<ReadBundle> read_content_bundle(std::string_view bytes,
                                       const std::vector<TrustedCertificate>& trusted) {
  if (trusted.empty())
    return refuse(Code::kConfiguration,
                  {"nobody is trusted to sign content: put the maker's certificate into {}, or "
                   "name it in collector.yaml (content_trust)",
                   "尚未信任任何檢查內容的簽署者：請將製作者的憑證放入 {}，或在 collector.yaml 以 "
                   "content_trust 指定"},
                  kTrustFolder);
  std::vector<std::string> pems;
  for (const auto& certificate : trusted) pems.push_back(certificate.pem);
  const auto bundle = checks::bundle_from_bytes(bytes, pems);
  if (!bundle) return fail(Code::kInvalidData, bundle.error().text());
  const auto carried = evidence::read_certificate(bundle->certificate);
  if (!carried) return fail(carried.error());
  const auto signer =
      std::ranges::find(trusted, carried->fingerprint, &TrustedCertificate::fingerprint);
  if (signer == trusted.end())
    return refuse(Code::kInternal, {"its signer is not known", "簽署者不明"});
  auto content = checks::content_of(*bundle);
  if (!content) return fail(content.error());
  if (Status sound = checks::check_compiled(*content); !sound)
    return fail(Code::kInvalidData, sound.error().text());
  return ReadBundle{{bundle->title,
                     bundle->created,
                     bundle->valid_days,
                     {base_name(signer->file), signer->fingerprint.hex(),
                      evidence::to_timestamp(signer->not_after)}},
                    *signer,
                    std::move(*content)};
}

std::string ContentSource::fingerprint() const {
  std::string all;
  const auto bundle = installed_bundle_path(places_);
  look_at(bundle, &all);
  if (is_there(bundle)) {
    look_at(trust_files(places_.trust), &all);
  } else if (const auto shipped = checks::find_content()) {
    look_at(*shipped, &all);
  } else {
    all += shipped.error().message() + "\n";
  }
  look_at(checks::content_files(places_.own), &all);
  return all;
}

std::expected<LoadedContent, ContentFailure> ContentSource::load() const {
  const auto bundle = installed_bundle_path(places_);
  const bool is_installed = is_there(bundle);
  const auto path = is_installed ? Result<std::string>(bundle) : checks::find_content();
  if (!path) return std::unexpected(failure_in("content.json", path.error()));
  auto base = is_installed ? load_bundle(places_, bundle) : load_shipped(*path);
  if (!base) {
    // What it complains about are the files that it was made of; this one is to be replaced.
    const auto& words = base.error().message();
    const bool is_of_trust = is_installed && words.starts_with(places_.trust);
    auto failure = failure_in(is_of_trust ? "" : *path, base.error());
    return std::unexpected(std::move(failure));
  }
  auto files = checks::content_files(places_.own);
  if (!files) return std::unexpected(failure_in("", files.error()));
  if (files->empty()) return std::move(*base);
  auto content = checks::content_over(*base->content, {places_.own});
  if (!content) return std::unexpected(failure_in("", content.error()));
  base->content = std::make_shared<const checks::Content>(std::move(*content));
  base->origin.own_files = std::move(*files);
  return std::move(*base);
}

ContentFailure failure_in(const std::string& file, const Error& error) {
  ContentFailure failure;
  failure.code = error.code();
  failure.file = file;
  failure.more = std::ranges::count(error.message(), '\n');
  const auto end_of_first = error.message().find('\n');
  failure.reason = error.message().substr(0, end_of_first);
  if (end_of_first != std::string::npos) failure.others = error.message().substr(end_of_first + 1);
  if (!file.empty()) {
    if (failure.reason.starts_with(file + ": ")) failure.reason.erase(0, file.size() + 2);
    failure.line = line_in(failure.reason);
    return failure;
  }
  // "file:line: reason", where a name may have colons of its own.
  for (auto at = failure.reason.find(':'); at != std::string::npos;
       at = failure.reason.find(':', at + 1)) {
    const char* end = failure.reason.data() + failure.reason.size();
    std::int64_t line = 0;
    const auto [rest, bad] = std::from_chars(failure.reason.data() + at + 1, end, line);
    if (bad != std::errc() || rest + 1 >= end || *rest != ':') continue;
    failure.file = failure.reason.substr(0, at);
    failure.line = line;
    failure.reason.erase(0, static_cast<std::size_t>(rest - failure.reason.data()) + 2);
    return failure;
  }
  failure.file = "content";
  return failure;
}

}  // namespace assay::collector
