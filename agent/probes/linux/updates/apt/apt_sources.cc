#include "agent/probes/linux/updates/apt/apt_sources.h"

#include "agent/probes/linux/text/addresses.h"
#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/updates/apt/apt_conf.h"
#include "agent/probes/linux/updates/apt/package_lists.h"
#include "agent/probes/linux/updates/apt/source_list.h"
#include "agent/probes/linux/updates/flags.h"

namespace assay::agent {
namespace {

// The source's own word, else that of apt's settings.
evidence::Value effective(std::optional<bool> own, const AptConf& conf, std::string_view name) {
  if (own) return flag_or_null(own);
  const auto* setting = conf.find(name);
  return flag_or_null(setting == nullptr ? std::nullopt : apt_flag(setting->value));
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out.append(out.empty() ? "" : " ").append(word);
  return out;
}

// As osquery names a source: "deb.debian.org/debian bookworm".
std::string name_of(const AptSource& source, std::string_view address) {
  if (const auto scheme = address.find("://"); scheme != std::string_view::npos)
    address.remove_prefix(scheme + 3);
  if (address.ends_with('/')) address.remove_suffix(1);
  return std::string(address).append(" ").append(source.suite);
}

struct FetchedRelease {
  AptRelease release;
  std::string day;  // on which apt fetched it last, or found it unchanged
  std::string note;
};

Result<FetchedRelease> release_of(Host& host, const std::set<std::string, std::less<>>& names,
                                  const AptSource& source) {
  FetchedRelease fetched;
  if (!source.is_enabled) return fetched;
  const auto path = release_path(names, source);
  if (path.empty()) {
    fetched.note = "nothing of this source is in " + std::string(kAptLists);
    return fetched;
  }
  auto release = read_release(host, path);
  if (release)
    fetched.release = *std::move(release);
  else
    fetched.note = release.error().message();
  return fetched;
}

// The day of the last `apt update`: it makes and empties its folder of partial files each time.
Result<std::string> last_update(Host& host) {
  std::int64_t newest = 0;
  for (const std::string_view path :
       {"/var/lib/apt/lists/partial", "/var/lib/apt/periodic/update-success-stamp"}) {
    const auto status = host.status(path);
    if (status)
      newest = std::max(newest, status->modified_ns);
    else if (status.error().code() != Code::kNotFound &&
             status.error().code() != Code::kPermissionDenied)
      return fail(status.error());
  }
  if (newest == 0) return std::string();
  return evidence::to_date(evidence::Seconds(std::chrono::seconds(newest / 1'000'000'000)));
}

}  // namespace

Result<evidence::Table> collect_apt_sources(Host& host) {
  const auto sources = read_apt_sources(host);
  if (!sources) return fail(sources.error());
  const auto names = apt_list_names(host);
  if (!names) return fail(names.error());
  const auto updated = last_update(host);
  if (!updated) return fail(updated.error());
  const auto conf = AptConf::load(host);
  if (!conf) return fail(conf.error());
  evidence::Table table(*evidence::find_table("apt_sources"));
  for (const auto& source : *sources) {
    auto fetched = release_of(host, *names, source);
    if (!fetched) return fail(fetched.error());
    if (source.has_other_architectures)
      fetched->note.append(fetched->note.empty() ? "" : "; ")
          .append("it adds or takes away architectures");
    const auto address = public_address(source.uri);
    table.add({{"name", name_of(source, address)},
               {"source", source.file},
               {"base_uri", address},
               {"release", text_or_null(fetched->release.codename)},
               {"version", text_or_null(fetched->release.version)},
               {"maintainer", text_or_null(fetched->release.origin)},
               {"components", text_or_null(joined(source.components))},
               {"architectures", text_or_null(joined(source.architectures))},
               {"type", source.type},
               {"suite", source.suite},
               {"enabled", std::int64_t{source.is_enabled ? 1 : 0}},
               {"signed_by", text_or_null(source.signed_by)},
               {"trusted", flag_or_null(source.trusted)},
               {"check_valid_until",
                effective(source.check_valid_until, *conf, "Acquire::Check-Valid-Until")},
               {"allow_insecure",
                effective(source.allow_insecure, *conf, "Acquire::AllowInsecureRepositories")},
               {"label", text_or_null(fetched->release.label)},
               {"list_date", text_or_null(fetched->release.date)},
               {"valid_until", text_or_null(fetched->release.valid_until)},
               {"last_update", text_or_null(*updated)},
               {"line", source.line},
               {"note", text_or_null(fetched->note)}});
  }
  return table;
}

}  // namespace assay::agent
