// What POP3, IMAP and SMTP have in common: SASL mechanisms that send a password as it is.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "agent/network/sensor/recognise/lines.h"
#include "agent/network/sensor/recognise/recogniser.h"

namespace assay::agent::sensor {

// What a client sends with this mechanism (RFC 4616 PLAIN, LOGIN, RFC 7628 and XOAUTH2); kNone for
// those that prove the password without sending it.
[[nodiscard]] Secret secret_of_mechanism(std::string_view mechanism);

// Bytes that follow a line, as it says: "BDAT 123", "… {123}" or "… {123+}" (RFC 9051 §4.3), where
// the line goes on behind them. 0: none.
[[nodiscard]] std::uint64_t number_in(std::string_view text);
[[nodiscard]] std::uint64_t literal_behind(std::string_view line);

// A client's log-in: `rest` is the mechanism and, where the client does not wait to be asked (RFC
// 4954, RFC 4959, RFC 5034), the answer; else that is the next of `lines`, once the server has
// asked for it. Nothing: no secret goes with it, or it was called off, and there is more to read.
[[nodiscard]] std::optional<Verdict> look_at_login(std::string_view rest, bool is_asked,
                                                   Lines& lines, Recognised* found);

}  // namespace assay::agent::sensor
