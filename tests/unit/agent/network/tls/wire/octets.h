// Bytes as they stand in documents: "16 03 01".
#pragma once

#include <string>
#include <string_view>

namespace assay::agent::tls {

inline std::string octets(std::string_view hexadecimal) {
  std::string out;
  int high = -1;
  for (const char c : hexadecimal) {
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) continue;
    if (high < 0) {
      high = digit;
    } else {
      out += static_cast<char>(high * 16 + digit);
      high = -1;
    }
  }
  return out;
}

// A record of TLS 1.2 around `body`; a handshake message of `type`.
inline std::string record(int type, std::string_view body) {
  std::string out{static_cast<char>(type), 3, 3};
  out += static_cast<char>(body.size() >> 8U);
  out += static_cast<char>(body.size());
  return out.append(body);
}
inline std::string message(int type, std::string_view body) {
  std::string out{static_cast<char>(type), static_cast<char>(body.size() >> 16U)};
  out += static_cast<char>(body.size() >> 8U);
  out += static_cast<char>(body.size());
  return out.append(body);
}

}  // namespace assay::agent::tls
