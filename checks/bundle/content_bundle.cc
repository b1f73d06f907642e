#include "checks/bundle/content_bundle.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <nlohmann/json.hpp>

#include "evidence/compress.h"
#include "evidence/signature.h"
#include "evidence/tar.h"
#include "evidence/timestamp.h"

namespace assay::checks {

namespace {

using nlohmann::ordered_json;

constexpr std::string_view kFormat = "content-bundle/1";
constexpr std::size_t kMaxTitleBytes = 200;
constexpr std::size_t kMaxAboutBytes = 4096;
constexpr std::int64_t kMaxValidDays = 3650;
constexpr std::array<std::string_view, 4> kMembers = {"about.json", "about.sig", "certificate.pem",
                                                      "content.json"};

std::string about_line(const ContentBundle& bundle) {
  return ordered_json{{"assay", kFormat},
                      {"created", bundle.created},
                      {"digest", evidence::sha256(bundle.content).hex()},
                      {"title", bundle.title},
                      {"valid_days", bundle.valid_days}}
             .dump(-1, ' ', false, ordered_json::error_handler_t::replace) +
         "\n";
}

Status check_fields(const ContentBundle& bundle) {
  if (!evidence::is_timestamp(bundle.created))
    return fail(Code::kInvalidData, "its time of making is none");
  if (bundle.title.empty() || bundle.title.size() > kMaxTitleBytes)
    return fail(Code::kInvalidData, "its title is empty or longer than 200 bytes");
  if (bundle.valid_days < 1 || bundle.valid_days > kMaxValidDays)
    return fail(Code::kInvalidData, "it is valid for 1 to 3650 days");
  return {};
}

// Takes the fields from the line, and only accepts the line that they would make again.
Status read_about(ContentBundle* bundle) {
  const auto in = ordered_json::parse(bundle->about, nullptr, false);
  const auto text = [&in](const char* key) {
    const auto found = in.find(key);
    return found != in.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  if (!in.is_object() || text("assay") != kFormat)
    return fail(Code::kInvalidData, "about.json is of no form that this version knows");
  bundle->created = text("created");
  bundle->title = text("title");
  if (const auto days = in.find("valid_days"); days != in.end() && days->is_number_integer())
    bundle->valid_days = days->get<std::int64_t>();
  if (Status good = check_fields(*bundle); !good) return good;
  if (about_line(*bundle) != bundle->about)
    return fail(Code::kUnauthenticated, "the content is not the one that was signed");
  return {};
}

Status check_signature(const ContentBundle& bundle, const std::vector<std::string>& trusted) {
  const auto carried = evidence::read_certificate(bundle.certificate);
  if (!carried) return fail(carried.error().within("certificate.pem"));
  const bool is_trusted = std::ranges::any_of(trusted, [&](const std::string& pem) {
    const auto known = evidence::read_certificate(pem);
    return known && known->fingerprint == carried->fingerprint;
  });
  if (!is_trusted)
    return fail(Code::kUnauthenticated, "nobody who is trusted signed it; its certificate is " +
                                            carried->fingerprint.hex());
  return evidence::verify_signature(bundle.certificate, bundle.about, bundle.signature);
}

}  // namespace

Result<std::string> to_bytes(const ContentBundle& bundle, std::string_view private_key_pem) {
  if (Status good = check_fields(bundle); !good) return fail(good.error());
  if (auto content = content_from_json(bundle.content); !content) return fail(content.error());
  const auto about = about_line(bundle);
  const auto signature = evidence::sign(private_key_pem, about);
  if (!signature) return fail(signature.error());
  if (Status own = evidence::verify_signature(bundle.certificate, about, *signature); !own)
    return fail(Code::kInvalidData, "the key is not that of the certificate");
  const std::array<evidence::TarMember, 4> members = {
      evidence::TarMember{kMembers[0], about}, evidence::TarMember{kMembers[1], *signature},
      evidence::TarMember{kMembers[2], bundle.certificate},
      evidence::TarMember{kMembers[3], bundle.content}};
  const auto archive = evidence::write_tar(members);
  if (!archive) return fail(archive.error());
  return evidence::compress(*archive);
}

Result<ContentBundle> bundle_from_bytes(std::string_view bytes,
                                        const std::vector<std::string>& trusted) {
  const auto archive = evidence::decompress(bytes, kMaxContentBytes);
  if (!archive) return fail(archive.error());
  const auto members = evidence::read_tar(*archive);
  if (!members) return fail(members.error());
  if (!std::ranges::equal(*members, kMembers, {}, &evidence::TarMember::name))
    return fail(Code::kInvalidData, "it is no bundle of content");
  if ((*members)[0].content.size() > kMaxAboutBytes)
    return fail(Code::kTooLarge, "about.json has more than 4 KiB");
  ContentBundle bundle;
  bundle.about = (*members)[0].content;
  bundle.signature = (*members)[1].content;
  bundle.certificate = (*members)[2].content;
  bundle.content = (*members)[3].content;
  if (Status genuine = check_signature(bundle, trusted); !genuine) return fail(genuine.error());
  if (Status read = read_about(&bundle); !read) return fail(read.error());
  return bundle;
}

Result<Content> content_of(const ContentBundle& bundle) {
  auto content = content_from_json(bundle.content);
  if (!content) return content;
  const auto created = evidence::from_timestamp(bundle.created);
  if (!created) return fail(created.error());
  for (auto& [name, reference] : content->references) {
    const bool is_companys_own =
        reference.table->rows().empty() || reference.source == "the company";
    if (is_companys_own) continue;
    if (reference.max_age_days == 0) reference.max_age_days = bundle.valid_days;
    // Data that may get older than the bundle ends with it.
    const auto retrieved = evidence::from_date(reference.retrieved);
    if (!retrieved) continue;  // is judged by in no case
    const auto days = std::chrono::floor<std::chrono::days>(*created - *retrieved).count();
    reference.max_age_days = std::min<std::int64_t>(
        reference.max_age_days, std::max<std::int64_t>(bundle.valid_days + days, 1));
  }
  // What it judges by is not what the file alone says.
  content->digest = evidence::sha256(to_json(*content));
  return content;
}

}  // namespace assay::checks
