#include <cstring>

#include "evidence/canonical.h"

namespace assay::evidence {

namespace {

constexpr std::string_view kHex = "0123456789abcdef";
constexpr const char* kTooLong = "a string over 64 KiB";

void append_escape(std::string& out, unsigned value) {
  out.append("\\u");
  for (int shift = 12; shift >= 0; shift -= 4)
    out.push_back(kHex[(value >> static_cast<unsigned>(shift)) & 15U]);
}

// The letter of a two-character escape for control character `c`, or 0.
char short_escape(unsigned char c) {
  switch (c) {
    case '\b': return 'b';
    case '\t': return 't';
    case '\n': return 'n';
    case '\f': return 'f';
    case '\r': return 'r';
    default: return 0;
  }
}

// The byte that the four hexadecimal digits of an escape stand for, or -1 when
// append_json_string() would not have written them.
int byte_of_escape(std::string_view digits) {
  unsigned value = 0;
  for (const char c : digits) {
    const auto digit = kHex.find(c);
    if (digit == std::string_view::npos) return -1;
    value = value * 16 + static_cast<unsigned>(digit);
  }
  if (value < 0x20 && short_escape(static_cast<unsigned char>(value)) == 0)
    return static_cast<int>(value);
  if (value >= 0xdc80 && value <= 0xdcff) return static_cast<int>(value - 0xdc00);
  return -1;
}

// Length of the run at the start of `text` that is written as it is and is ASCII. Nearly all of
// all evidence is such runs, so they are looked at eight bytes at a time.
std::size_t plain_length(std::string_view text) {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  constexpr std::uint64_t kHigh = kOnes * 0x80U;
  // Has its high bit set where a byte of `word` is below `limit`, and perhaps in a byte above such
  // a one: enough to know that there is none.
  const auto below = [](std::uint64_t word, std::uint64_t limit) {
    return (word - kOnes * limit) & ~word;
  };
  std::size_t i = 0;
  for (std::uint64_t word = 0; i + sizeof word <= text.size(); i += sizeof word) {
    std::memcpy(&word, text.data() + i, sizeof word);
    const std::uint64_t special =
        word | below(word, 0x20) | below(word ^ (kOnes * '"'), 1) | below(word ^ (kOnes * '\\'), 1);
    if ((special & kHigh) != 0) break;
  }
  for (; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);  // char has no sign on some machines
    if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\') break;
  }
  return i;
}

}  // namespace

std::size_t utf8_length(std::string_view text) {
  const auto at = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto follows = [&](std::size_t i, unsigned low, unsigned high) {
    return i < text.size() && at(i) >= low && at(i) <= high;
  };
  if (text.empty()) return 0;
  const unsigned first = at(0);  // the ranges are those of RFC 3629 §4
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return follows(1, 0x80, 0xbf) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    const unsigned low = first == 0xe0 ? 0xa0 : 0x80;
    const unsigned high = first == 0xed ? 0x9f : 0xbf;
    return follows(1, low, high) && follows(2, 0x80, 0xbf) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const unsigned low = first == 0xf0 ? 0x90 : 0x80;
    const unsigned high = first == 0xf4 ? 0x8f : 0xbf;
    return follows(1, low, high) && follows(2, 0x80, 0xbf) && follows(3, 0x80, 0xbf) ? 4 : 0;
  }
  return 0;
}

void append_json_string(std::string& out, std::string_view text) {
  out.push_back('"');
  std::size_t plain = 0;  // start of the run that needs no escape
  std::size_t i = 0;
  while (i < text.size()) {
    i += plain_length(text.substr(i));
    if (i == text.size()) break;
    const auto c = static_cast<unsigned char>(text[i]);
    const std::size_t length = c < 0x80 ? 0 : utf8_length(text.substr(i));
    if (length > 0) {
      i += length;
      continue;
    }
    out.append(text.substr(plain, i - plain));
    if (c >= 0x80) {
      append_escape(out, 0xdc00U + c);
    } else if (const char letter = short_escape(c); letter != 0) {
      out.push_back('\\');
      out.push_back(letter);
    } else if (c < 0x20) {
      append_escape(out, c);
    } else {
      out.push_back('\\');
      out.push_back(static_cast<char>(c));
    }
    plain = ++i;
  }
  out.append(text.substr(plain));
  out.push_back('"');
}

Result<std::string> read_json_string(std::string_view in, std::size_t* at) {
  std::size_t i = *at;
  if (i >= in.size() || in[i] != '"') return fail(Code::kInvalidData, "not a string");
  std::string out;
  for (++i; i < in.size() && in[i] != '"';) {
    const std::size_t run = plain_length(in.substr(i));
    if (out.size() + run > kMaxCellBytes) return fail(Code::kTooLarge, kTooLong);
    if (run > 0) {
      out.append(in.substr(i, run));
      i += run;
      continue;
    }
    const auto c = static_cast<unsigned char>(in[i]);
    if (c < 0x20) return fail(Code::kInvalidData, "a bare control character in a string");
    if (c != '\\') {
      const std::size_t length = utf8_length(in.substr(i));
      if (length == 0) return fail(Code::kInvalidData, "bytes that are not UTF-8 in a string");
      out.append(in.substr(i, length));
      i += length;
      continue;
    }
    const char kind = i + 1 < in.size() ? in[i + 1] : '\0';
    if (kind == '"' || kind == '\\') {
      out.push_back(kind);
      i += 2;
    } else if (const auto letter = std::string_view("btnfr").find(kind);
               kind != '\0' && letter != std::string_view::npos) {
      out.push_back("\b\t\n\f\r"[letter]);
      i += 2;
    } else if (kind == 'u' && i + 6 <= in.size()) {
      const int byte = byte_of_escape(in.substr(i + 2, 4));
      if (byte < 0) return fail(Code::kInvalidData, "an escape that has another canonical form");
      out.push_back(static_cast<char>(byte));
      i += 6;
    } else {
      return fail(Code::kInvalidData, "an unknown escape in a string");
    }
  }
  if (i >= in.size()) return fail(Code::kInvalidData, "a string without an end");
  if (out.size() > kMaxCellBytes) return fail(Code::kTooLarge, kTooLong);
  // Escaped single bytes that together are UTF-8 would have been written plainly.
  std::string again;
  if (in.substr(*at, i - *at).find("\\udc") != std::string_view::npos) {
    append_json_string(again, out);
    if (again != in.substr(*at, i + 1 - *at))
      return fail(Code::kInvalidData, "well-formed UTF-8 written as escapes");
  }
  *at = i + 1;
  return out;
}

Status pass_json_string(std::string_view in, std::size_t* at) {
  const std::size_t begin = *at + 1;
  if (*at < in.size() && in[*at] == '"') {
    for (std::size_t i = begin; i < in.size();) {
      i += plain_length(in.substr(i));
      if (i == in.size()) break;
      if (in[i] == '"') {
        if (i - begin > kMaxCellBytes) return fail(Code::kTooLarge, kTooLong);
        *at = i + 1;
        return {};
      }
      const std::size_t length = in[i] == '\\' ? 0 : utf8_length(in.substr(i));
      if (length == 0 || static_cast<unsigned char>(in[i]) < 0x20) break;
      i += length;
    }
  }
  // Escapes are rare, and so are faults, for which the other one has the words.
  const auto read = read_json_string(in, at);
  return read ? Status() : fail(read.error());
}

}  // namespace assay::evidence
