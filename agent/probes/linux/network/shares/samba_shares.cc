#include "agent/probes/linux/network/shares/samba_shares.h"

#include "agent/probes/linux/network/shares/smb_conf.h"
#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/lines.h"
#include "agent/probes/linux/text/read_text.h"

namespace assay::agent {
namespace {

using evidence::kNull;
using evidence::Value;

constexpr std::array<std::string_view, 2> kFiles = {"/etc/samba/smb.conf", "/etc/smb.conf"};
constexpr std::string_view kUserShares = "/var/lib/samba/usershares";
constexpr std::size_t kMaxUserShares = 10'000;

// A share's own value, else the one that [global] gives all shares.
const SmbValue* effective(const SmbSection& share, const SmbSection& global,
                          std::string_view parameter) {
  const auto* own = share.find(parameter);
  return own != nullptr ? own : global.find(parameter);
}

Value text(const SmbValue* value) {
  return value == nullptr ? Value(kNull) : text_or_null(value->value);
}

Value text(const SmbValue* value, std::string_view otherwise) {
  return value == nullptr || value->value.empty() ? Value(std::string(otherwise))
                                                  : Value(value->value);
}

Value truth(bool value) {
  return std::int64_t{value};
}

std::string joined(const std::vector<std::string>& notes) {
  std::string all;
  for (const auto& note : notes) {
    if (!all.empty()) all += "; ";
    all += note;
  }
  return all;
}

void add_global(const SmbSection& global, const std::string& path, const std::string& note,
                evidence::Table& table) {
  table.add({{"share", std::string("global")},
             {"hosts_allow", text(global.find("hostsallow"))},
             {"hosts_deny", text(global.find("hostsdeny"))},
             {"server_min_protocol", text(global.find("serverminprotocol"))},
             {"smb_encrypt", text(global.find("smbencrypt"), "default")},
             {"server_signing", text(global.find("serversigning"), "default")},
             {"map_to_guest", text(global.find("maptoguest"), "Never")},
             {"null_passwords", truth(smb_truth(global.find("nullpasswords"), false))},
             {"ntlm_auth", text(global.find("ntlmauth"))},
             {"interfaces", text(global.find("interfaces"))},
             {"bind_interfaces_only", truth(smb_truth(global.find("bindinterfacesonly"), false))},
             {"security", text(global.find("security"), "auto")},
             {"source", path},
             {"note", text_or_null(note)}});
}

void add_share(const SmbSection& share, const SmbSection& global, evidence::Table& table) {
  const auto* const printable = effective(share, global, "printable");
  const auto value = [&](std::string_view parameter) {
    return effective(share, global, parameter);
  };
  const bool is_home = share.name == "homes";
  const bool is_printers = share.name == "printers";  // shown one by one instead
  const auto* const path = value("path");
  table.add({{"share", share.name},
             {"path", text(path)},
             {"comment", text(share.find("comment"))},
             {"available", truth(smb_truth(value("available"), true))},
             {"browseable", truth(smb_truth(value("browseable"), !is_printers))},
             {"guest_ok", truth(smb_truth(value("guestok"), false))},
             {"guest_only", truth(smb_truth(value("guestonly"), false))},
             {"read_only", truth(smb_truth(value("readonly"), true))},
             {"printable", truth(smb_truth(printable, false))},
             {"valid_users", text(value("validusers"))},
             {"write_list", text(value("writelist"))},
             {"hosts_allow", text(value("hostsallow"))},
             {"hosts_deny", text(value("hostsdeny"))},
             {"smb_encrypt", text(value("smbencrypt"), "default")},
             {"source", share.source},
             {"line", share.line},
             {"note", is_home && path == nullptr
                          ? Value(std::string("one share for the home of each user"))
                          : Value(kNull)}});
}

// Shares that users made themselves: one file each.
Status add_user_shares(Host& host, const SmbSection& global, evidence::Table& table) {
  const auto* const folder_setting = global.find("usersharepath");
  const std::string folder =
      folder_setting != nullptr ? folder_setting->value : std::string(kUserShares);
  if (!folder.starts_with('/')) return {};
  const auto names = host.list_directory(folder, kMaxUserShares);
  if (!names && names.error().code() == Code::kNotFound) return {};
  if (!names) return fail(names.error());
  const bool may_have_guests = smb_truth(global.find("usershareallowguests"), false);
  for (const auto& name : *names) {
    const auto file = folder + "/" + name;
    const auto content = host.read_file(file, kMaxConfigBytes);
    if (!content && content.error().code() == Code::kInvalidData) continue;
    if (!content) return fail(content.error());
    if (!content->starts_with("#VERSION")) continue;
    std::map<std::string_view, std::string_view> values;
    Lines lines(*content);
    while (const auto line = lines.next())
      if (const auto equals = line->find('='); equals != std::string_view::npos)
        values[trimmed(line->substr(0, equals))] = trimmed(line->substr(equals + 1));
    const auto acl = values["usershare_acl"];
    const bool is_writable =
        acl.find(":F") != std::string_view::npos || acl.find(":f") != std::string_view::npos;
    table.add({{"share", name},
               {"path", text_or_null(values["path"])},
               {"comment", text_or_null(values["comment"])},
               {"available", truth(true)},
               {"browseable", truth(true)},
               {"guest_ok", truth(may_have_guests && values["guest_ok"] == "y")},
               {"read_only", truth(!is_writable)},
               {"source", file},
               {"note", std::string("made by a user (net usershare)")}});
  }
  return {};
}

}  // namespace

Result<evidence::Table> collect_samba_shares(Host& host) {
  evidence::Table table(*evidence::find_table("samba_shares"));
  const SmbReader reader = [&](const std::string& path) {
    return read_text(host, path);
  };
  for (const auto path : kFiles) {
    auto conf = read_smb_conf(std::string(path), reader);
    if (!conf && conf.error().code() == Code::kNotFound) continue;
    if (!conf) return fail(std::move(conf.error()));
    const auto& global = conf->sections.front();
    if (smb_truth(global.find("registryshares"), false))
      conf->notes.emplace_back("more shares stand in Samba's registry, which is not read");
    add_global(global, std::string(path), joined(conf->notes), table);
    for (const auto& section : conf->sections)
      if (section.name != "global") add_share(section, global, table);
    if (auto added = add_user_shares(host, global, table); !added) return fail(added.error());
    return table;
  }
  return table;
}

}  // namespace assay::agent
