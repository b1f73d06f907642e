// SHA-256 digests, the names of all evidence.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "evidence/limits.h"
#include "evidence/result.h"

namespace assay::evidence {

struct Digest {
  std::array<std::uint8_t, kDigestBytes> bytes{};

  auto operator<=>(const Digest&) const = default;

  // 64 lower-case hexadecimal digits.
  [[nodiscard]] std::string hex() const;
  // The 32 raw bytes, as the wire carries them.
  [[nodiscard]] std::string raw() const;
  [[nodiscard]] static Result<Digest> from_hex(std::string_view text);
  [[nodiscard]] static Result<Digest> from_raw(std::string_view bytes);
};

[[nodiscard]] Digest sha256(std::string_view bytes);

// The same of bytes that come one piece after another.
class Sha256 {
 public:
  Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  ~Sha256();
  void add(std::string_view piece);
  // Of all pieces so far; nothing may be added afterwards.
  [[nodiscard]] Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Lower-case hexadecimal of any bytes.
[[nodiscard]] std::string to_hex(std::string_view bytes);

}  // namespace assay::evidence

template <>
struct std::hash<assay::evidence::Digest> {
  std::size_t operator()(const assay::evidence::Digest& digest) const noexcept;
};
