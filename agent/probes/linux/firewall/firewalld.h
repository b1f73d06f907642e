// firewalld's permanent configuration: its files, /etc/firewalld over /usr/lib/firewalld.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/host/host.h"
#include "agent/probes/linux/firewall/filter_rule.h"
#include "evidence/result.h"

namespace assay::agent {

struct FirewalldZone {
  std::string file;
  FilterTable table;
};

struct Firewalld {
  std::string default_zone;
  // The default zone, and those to which an interface or a source is bound.
  std::vector<FirewalldZone> zones;
};

// Nothing when firewalld is not installed.
[[nodiscard]] Result<std::optional<Firewalld>> read_firewalld(Host& host);

// A start tag of XML with its attributes; the end tag of "rule" is shown as "/rule".
struct XmlTag {
  std::string name;
  std::vector<std::pair<std::string, std::string>> attributes;
  [[nodiscard]] std::string_view attribute(std::string_view name) const;
};
// The tags of a small XML file. Comments and declarations are left out. kInvalidData when a tag
// does not end, kTooLarge above a limit.
[[nodiscard]] Result<std::vector<XmlTag>> parse_xml_tags(std::string_view text);

}  // namespace assay::agent
