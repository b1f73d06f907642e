#include "agent/probes/linux/network/dns_resolvers.h"

#include "agent/probes/linux/network/resolv_conf.h"
#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/lines.h"
#include "agent/probes/linux/text/read_text.h"
#include "agent/probes/linux/text/sections.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxFiles = 1000;
constexpr std::size_t kMaxWords = 64;

struct ResolverRow {
  std::string type;
  std::string address;
  std::string netmask;
  std::string source;
  std::string interface;
  std::string note;
};

class Collection {
 public:
  explicit Collection(Host& host) : host_(host) {}

  // What libc itself reads, and what local resolvers ask in turn.
  Status add_resolv_conf(const std::string& path, std::string_view note) {
    const auto text = read_text(host_, path);
    if (!text && text.error().code() == Code::kNotFound) return {};
    if (!text) return fail(text.error());
    for (auto& entry : parse_resolv_conf(*text))
      add({std::move(entry.type),
           std::move(entry.address),
           std::move(entry.netmask),
           path,
           {},
           std::string(note)});
    return {};
  }

  // Later files win setting by setting; a file in /etc hides one of the same name elsewhere.
  Status add_resolved() {
    std::map<std::string, std::string> drop_ins;  // name → path
    for (const std::string folder :
         {"/usr/lib/systemd/resolved.conf.d/", "/usr/local/lib/systemd/resolved.conf.d/",
          "/run/systemd/resolved.conf.d/", "/etc/systemd/resolved.conf.d/"}) {
      const auto names = host_.list_directory(folder.substr(0, folder.size() - 1), kMaxFiles);
      if (!names && names.error().code() == Code::kNotFound) continue;
      if (!names) return fail(names.error());
      for (const auto& name : *names)
        if (name.ends_with(".conf")) drop_ins[name] = folder + name;
    }
    std::vector<std::string> paths = {"/etc/systemd/resolved.conf"};
    for (const auto& [name, path] : drop_ins) paths.push_back(path);
    for (const auto& path : paths)
      if (auto read = read_resolved(path); !read) return read;
    for (const auto& [key, setting] : resolved_) add_resolved_setting(key, setting);
    return {};
  }

  Status add_network_manager() {
    for (const std::string folder :
         {"/etc/NetworkManager/system-connections/", "/run/NetworkManager/system-connections/"}) {
      const auto names = host_.list_directory(folder.substr(0, folder.size() - 1), kMaxFiles);
      if (!names && names.error().code() == Code::kNotFound) continue;
      if (!names) return fail(names.error());
      for (const auto& name : *names) {
        const auto text = host_.read_file(folder + name, kMaxConfigBytes);
        if (!text && text.error().code() != Code::kInvalidData) return fail(text.error());
        if (text) add_connection(folder + name, parse_sections_tolerantly(*text));
      }
    }
    return {};
  }

  evidence::Table table() const {
    evidence::Table table(*evidence::find_table("dns_resolvers"));
    std::int64_t id = 0;
    for (const auto& row : rows_)
      table.add({{"id", id++},
                 {"type", row.type},
                 {"address", text_or_null(row.address)},
                 {"netmask", text_or_null(row.netmask)},
                 {"source", row.source},
                 {"interface", text_or_null(row.interface)},
                 {"note", text_or_null(row.note)}});
    return table;
  }

 private:
  struct Setting {
    std::string value;
    std::string source;
  };

  void add(ResolverRow row) { rows_.push_back(std::move(row)); }

  Status read_resolved(const std::string& path) {
    const auto text = read_text(host_, path);
    if (!text && text.error().code() == Code::kNotFound) return {};
    if (!text) return fail(text.error());
    for (const auto& [section, key, value, line] : parse_sections_tolerantly(*text)) {
      if (section != "Resolve") continue;
      const bool is_list = key == "DNS" || key == "FallbackDNS" || key == "Domains";
      auto& setting = resolved_[std::string(key)];
      // Lists add up until an empty one takes all back.
      setting.value = is_list && !value.empty() ? setting.value + " " + value : value;
      setting.source = path;
    }
    return {};
  }

  void add_resolved_setting(const std::string& key, const Setting& setting) {
    if (key == "DNS" || key == "FallbackDNS" || key == "Domains") {
      const std::string type = key == "DNS"       ? "nameserver"
                               : key == "Domains" ? "search"
                                                  : "fallback_nameserver";
      for (const auto word : blank_separated(setting.value, kMaxWords))
        add({type, std::string(word), {}, setting.source, {}, "systemd-resolved"});
    } else if (!setting.value.empty()) {
      add({"option", key + "=" + setting.value, {}, setting.source, {}, "systemd-resolved"});
    }
  }

  void add_connection(const std::string& path, const std::vector<SectionEntry>& entries) {
    const auto interface = last_value(entries, "connection", "interface-name");
    for (const auto& [section, key, value, line] : entries) {
      if (section != "ipv4" && section != "ipv6") continue;
      if (key != "dns" && key != "dns-search") continue;
      for (std::string_view rest = value; !rest.empty();) {
        const auto end = std::min(rest.find_first_of(";,"), rest.size());
        const auto word = trimmed(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (!word.empty())
          add({key == "dns" ? "nameserver" : "search",
               std::string(word),
               {},
               path,
               std::string(interface),
               "NetworkManager"});
      }
    }
  }

  Host& host_;
  std::vector<ResolverRow> rows_;
  std::map<std::string, Setting> resolved_;
};

}  // namespace

Result<evidence::Table> collect_dns_resolvers(Host& host) {
  Collection collection(host);
  const std::array steps = {
      collection.add_resolv_conf("/etc/resolv.conf", {}),
      collection.add_resolv_conf("/run/systemd/resolve/resolv.conf", "systemd-resolved asks these"),
      collection.add_resolv_conf("/run/NetworkManager/resolv.conf", "NetworkManager found these"),
      collection.add_resolved(), collection.add_network_manager()};
  for (const auto& step : steps)
    if (!step) return fail(step.error());
  return collection.table();
}

}  // namespace assay::agent
