#include "collector/content/last_good.h"

#include <array>

#include "checks/bundle/content_bundle.h"
#include "checks/bundle/content_check.h"
#include "collector/content/read_whole.h"
#include "collector/identity/key_file.h"
#include "evidence/compress.h"
#include "evidence/refusal.h"
#include "evidence/tar.h"

namespace assay::collector {
namespace {

constexpr std::string_view kAbout = "about.json";
constexpr std::string_view kContent = "content.json";
// The file of the content and what is said of it.
constexpr std::size_t kMaxKeptBytes = checks::kMaxContentBytes + (1U << 20U);

std::string path_of(const ContentPlaces& places) {
  return content_folder(places) + "/last-good";
}

}  // namespace

Status keep_content(const ContentPlaces& places, const checks::Content& content,
                    const ContentState& state) {
  const auto about = to_json(state, {}).dump(1) + "\n";
  const auto json = checks::to_json(content);
  const std::array members = {evidence::TarMember{kAbout, about},
                              evidence::TarMember{kContent, json}};
  const auto archive = evidence::write_tar(members);
  if (!archive) return fail(archive.error());
  const auto frame = evidence::compress(*archive);
  if (!frame) return fail(frame.error());
  const auto before = read_whole(path_of(places), kMaxKeptBytes);
  if (before && *before == *frame) return {};
  if (Status made = make_key_folder(content_folder(places)); !made) return made;
  return write_key_file(path_of(places), *frame);
}

Result<KeptContent> kept_content(const ContentPlaces& places) {
  const auto path = path_of(places);
  const auto frame = read_whole(path, kMaxKeptBytes);
  if (!frame) return fail(frame.error());
  const auto archive = evidence::decompress(*frame, kMaxKeptBytes);
  if (!archive) return fail(archive.error().within(path));
  const auto members = evidence::read_tar(*archive);
  if (!members) return fail(members.error().within(path));
  if (members->size() != 2 || (*members)[0].name != kAbout || (*members)[1].name != kContent)
    return refuse(Code::kInvalidData,
                  {"{}: it is no content that was kept", "{}：不是先前留存的檢查內容"}, path);
  auto state = content_state_from_json((*members)[0].content);
  if (!state) return fail(state.error().within(path));
  auto content = checks::content_from_json(std::string((*members)[1].content));
  if (!content) return fail(content.error().within(path));
  if (Status sound = checks::check_compiled(*content); !sound)
    return fail(Code::kInvalidData, sound.error().within(path).text());
  // It is the same content, whatever file it came from: nobody is judged again because of that.
  const auto digest = evidence::Digest::from_hex(state->digest);
  if (!digest) return fail(digest.error().within(path));
  content->digest = *digest;
  return KeptContent{std::make_shared<const checks::Content>(std::move(*content)),
                     std::move(*state)};
}

}  // namespace assay::collector
