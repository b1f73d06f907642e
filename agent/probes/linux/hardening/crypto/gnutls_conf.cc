#include "agent/probes/linux/hardening/crypto/gnutls_conf.h"

#include "agent/probes/linux/text/lines.h"

namespace assay::agent {

std::map<std::string, GnutlsValue, std::less<>> parse_gnutls_conf(std::string_view text) {
  std::map<std::string, GnutlsValue, std::less<>> values;
  std::string_view section;
  Lines lines(text);
  while (const auto line = lines.next()) {
    const auto content = trimmed(*line);
    if (content.empty() || content[0] == '#' || content[0] == ';') continue;
    if (content[0] == '[') {
      section = trimmed(content.substr(1, content.find(']') - 1));
      continue;
    }
    const auto equals = content.find('=');
    if (equals == std::string_view::npos || section == "priorities") continue;
    auto& value = values[std::string(trimmed(content.substr(0, equals)))];
    const auto added = trimmed(content.substr(equals + 1));
    if (!value.text.empty()) value.text += ',';
    value.text += added;
    value.line = lines.number();
  }
  return values;
}

}  // namespace assay::agent
