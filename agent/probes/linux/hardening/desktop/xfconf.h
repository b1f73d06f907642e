// A channel of Xfce's settings: nested <property> elements of an XML file.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace assay::agent {

struct XfconfValue {
  std::string text;
  bool is_locked = false;  // the element, or one around it, may be changed by root only
};

// By path: "/saver/idle-activation/delay". What is no property is passed over.
[[nodiscard]] std::map<std::string, XfconfValue, std::less<>> parse_xfconf(std::string_view xml);

inline constexpr std::size_t kMaxXfconfDepth = 32;

}  // namespace assay::agent
