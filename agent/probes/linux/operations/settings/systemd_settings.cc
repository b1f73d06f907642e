#include "agent/probes/linux/operations/settings/systemd_settings.h"

#include "agent/probes/linux/text/sections.h"

namespace assay::agent {
namespace {

// The first has the last word.
constexpr std::array<std::string_view, 5> kFolders = {"/etc/systemd/", "/run/systemd/",
                                                      "/usr/local/lib/systemd/",
                                                      "/usr/lib/systemd/", "/lib/systemd/"};
constexpr std::size_t kMaxDropIns = 1000;

class Reader {
 public:
  Reader(Host& host, std::string_view section, std::initializer_list<std::string_view> lists)
      : host_(host), section_(section), lists_(lists) {}

  // False when there is no such file.
  Result<bool> read(const std::string& path);
  SystemdSettings take() { return std::move(settings_); }

 private:
  void apply(const SectionEntry& entry, const std::string& path);

  Host& host_;
  std::string_view section_;
  std::initializer_list<std::string_view> lists_;
  SystemdSettings settings_;
};

Result<bool> Reader::read(const std::string& path) {
  const auto text = read_settings(host_, path);
  if (!text) return fail(text.error());
  if (!*text) return false;
  const auto entries = parse_sections(**text);
  if (!entries) return fail(entries.error().within("reading " + path));
  for (const auto& entry : *entries)
    if (entry.section == section_) apply(entry, path);
  return true;
}

void Reader::apply(const SectionEntry& entry, const std::string& path) {
  const std::string key(entry.key);
  if (entry.value.empty()) {
    settings_.erase(key);
    return;
  }
  auto& setting = settings_[key];
  if (std::ranges::find(lists_, entry.key) != lists_.end() && !setting.value.empty())
    setting.value.append(" ").append(entry.value);
  else
    setting.value = entry.value;
  setting.place = {path, entry.line};
}

}  // namespace

Result<SystemdSettings> read_systemd_settings(Host& host, std::string_view name,
                                              std::string_view section,
                                              std::initializer_list<std::string_view> lists) {
  Reader reader(host, section, lists);
  for (const auto folder : kFolders) {
    const auto found = reader.read(std::string(folder).append(name));
    if (!found) return fail(found.error());
    if (*found) break;
  }
  std::map<std::string, std::string> drop_ins;  // name → path
  for (const auto folder : kFolders) {
    const auto path = std::string(folder).append(name).append(".d");
    const auto names = host.list_directory(path, kMaxDropIns);
    if (!names && names.error().code() == Code::kNotFound) continue;
    if (!names) return fail(names.error());
    for (const auto& drop_in : *names)
      if (drop_in.ends_with(".conf")) drop_ins.emplace(drop_in, path + "/" + drop_in);
  }
  for (const auto& [drop_in, path] : drop_ins)
    if (const auto done = reader.read(path); !done) return fail(done.error());
  return reader.take();
}

}  // namespace assay::agent
