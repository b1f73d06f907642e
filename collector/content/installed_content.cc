#include "collector/content/installed_content.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "checks/bundle/content_bundle.h"
#include "collector/content/read_whole.h"
#include "collector/identity/key_file.h"
#include "evidence/refusal.h"

namespace assay::collector {
namespace {

// Two clocks need not agree to the minute; a day apart, one of them is wrong.
constexpr std::chrono::hours kClocksApart{24};
constexpr std::size_t kMaxStateBytes = 1U << 20U;

Status check_times(const ReadBundle& bundle, evidence::Seconds now) {
  const auto& signer = bundle.signer;
  if (now > signer.not_after)
    return refuse(
        Code::kInvalidData,
        {"the certificate of its signer, {}, has expired on {}", "簽署者的憑證 {} 已於 {} 到期"},
        signer.file, evidence::to_timestamp(signer.not_after));
  if (now < signer.not_before)
    return refuse(Code::kInvalidData,
                  {"the certificate of its signer, {}, is valid only from {}",
                   "簽署者的憑證 {} 自 {} 起才生效"},
                  signer.file, evidence::to_timestamp(signer.not_before));
  const auto created = evidence::from_timestamp(bundle.facts.created);
  if (!created) return fail(created.error());
  if (*created > now + kClocksApart)
    return refuse(Code::kInvalidData,
                  {"it was made on {}, which is yet to come; compare the clocks",
                   "製作時間為 {}，尚未到來；請核對兩端的時鐘"},
                  bundle.facts.created);
  return {};
}

// The collector has a user of its own; an administrator's file must not be out of its reach.
Status give_to_owner_of(const std::string& folder, const std::string& path) {
  struct stat facts{};
  if (::geteuid() != 0) return {};
  if (::stat(folder.c_str(), &facts) != 0) return fail(system_error(errno, folder));
  if (::lchown(path.c_str(), facts.st_uid, facts.st_gid) != 0)
    return fail(system_error(
        errno, phrase({"giving {} to the collector", "將 {} 的擁有者改為收集伺服器的帳號"}, path)));
  return {};
}

// Only against what may be judged by: a file that nobody vouches for holds up no other.
Status check_order(const ContentPlaces& places, const std::vector<TrustedCertificate>& trusted,
                   const ReadBundle& bundle) {
  const auto bytes = read_whole(installed_bundle_path(places), checks::kMaxContentBytes);
  if (!bytes) return {};
  const auto before = read_content_bundle(*bytes, trusted);
  if (!before || before->facts.created <= bundle.facts.created) return {};
  return refuse(
      Code::kInvalidData,
      {"it was made on {}; what is installed is newer, of {} (--allow-older takes it all the same)",
       "製作時間為 {}；已安裝的較新，為 {}（加上 --allow-older 仍可安裝）"},
      bundle.facts.created, before->facts.created);
}

}  // namespace

Result<InstalledContent> install_content(const ContentPlaces& places, const InstallWish& wish) {
  const auto trusted = read_trusted(places.trust);
  if (!trusted) return fail(trusted.error());
  const auto bytes = read_whole(wish.file, checks::kMaxContentBytes);
  if (!bytes && bytes.error().code() == Code::kTooLarge)
    return fail(Code::kInvalidData, bytes.error().text());
  if (!bytes) return fail(bytes.error());
  auto bundle = read_content_bundle(*bytes, *trusted);
  if (!bundle && bundle.error().code() == Code::kConfiguration) return fail(bundle.error());
  if (!bundle) return fail(bundle.error().within(wish.file));
  if (Status fit = check_times(*bundle, wish.now); !fit) return fail(fit.error().within(wish.file));
  if (!wish.may_be_older)
    if (Status newer = check_order(places, *trusted, *bundle); !newer)
      return fail(newer.error().within(wish.file));
  auto digest = bundle->content.digest.hex();
  if (const auto with_own = checks::content_over(std::move(bundle->content), {places.own});
      !with_own)
    return fail(with_own.error());
  if (Status made = make_key_folder(content_folder(places)); !made) return fail(made.error());
  if (Status put = write_key_file(installed_bundle_path(places), *bytes); !put)
    return fail(put.error());
  for (const auto& path : {content_folder(places), installed_bundle_path(places)})
    if (Status given = give_to_owner_of(places.state, path); !given) return fail(given.error());
  return InstalledContent{std::move(bundle->facts), std::move(digest)};
}

Status remove_content(const ContentPlaces& places) {
  const auto path = installed_bundle_path(places);
  if (::unlink(path.c_str()) == 0) return {};
  if (errno == ENOENT)
    return refuse(Code::kNotFound, {"no bundle of content is installed", "尚未安裝任何檢查內容"});
  return fail(system_error(errno, phrase({"removing {}", "移除 {}"}, path)));
}

Result<ContentState> told_state(const ContentPlaces& places) {
  const auto json = read_whole(told_state_path(places), kMaxStateBytes);
  if (!json && json.error().code() == Code::kNotFound)
    return refuse(
        Code::kNotFound,
        {"no collector has judged by content in {} yet", "尚無收集伺服器以 {} 的內容判定過"},
        places.state);
  if (!json) return fail(json.error());
  return content_state_from_json(*json);
}

}  // namespace assay::collector
