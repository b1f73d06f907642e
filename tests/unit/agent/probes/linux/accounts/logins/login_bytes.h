// The bytes that login and lastlog write, for tests.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace assay::agent {

inline void put(std::string& record, std::size_t at, std::string_view text) {
  std::memcpy(record.data() + at, text.data(), text.size());
}

// One record as x86_64 has it; `time` fits 32 bits.
inline std::string wtmp_record(std::int16_t type, std::string_view user, std::uint32_t time,
                               std::string_view tty = "pts/0", std::string_view host = "") {
  std::string record(384, '\0');
  std::memcpy(record.data(), &type, sizeof type);
  put(record, 8, tty);
  put(record, 44, user);
  put(record, 76, host);
  std::memcpy(record.data() + 340, &time, sizeof time);
  return record;
}

// The same as 64-bit ARM has it.
inline std::string long_wtmp_record(std::string_view user, std::int64_t time) {
  std::string record(400, '\0');
  record[0] = 7;
  put(record, 44, user);
  std::memcpy(record.data() + 344, &time, sizeof time);
  return record;
}

inline std::string lastlog_record(std::uint32_t time, std::string_view tty, std::string_view host) {
  std::string record(292, '\0');
  std::memcpy(record.data(), &time, sizeof time);
  put(record, 4, tty);
  put(record, 36, host);
  return record;
}

}  // namespace assay::agent
