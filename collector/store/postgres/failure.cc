#include "collector/store/postgres/failure.h"

#include <libpq-fe.h>

#include <array>
#include <utility>

namespace assay::collector::postgres {
namespace {

struct Meaning {
  std::string_view state;  // the beginning of a SQLSTATE; the first that fits counts
  Code code;
  Trouble trouble;
};

constexpr std::array kMeanings = {
    Meaning{"40", Code::kUnavailable, Trouble::kGiveWay},     // serialization, deadlock
    Meaning{"55P03", Code::kUnavailable, Trouble::kGiveWay},  // lock_timeout
    Meaning{"57014", Code::kUnavailable, Trouble::kNone},     // statement_timeout
    Meaning{"57P", Code::kUnavailable, Trouble::kLost},       // shutdown, crash, starting up
    Meaning{"25006", Code::kUnavailable, Trouble::kLost},     // it is a standby by now
    Meaning{"25P03", Code::kUnavailable, Trouble::kLost},     // idle in its transaction
    Meaning{"08", Code::kUnavailable, Trouble::kLost},
    Meaning{"53100", Code::kNoSpace, Trouble::kNone},
    Meaning{"53", Code::kUnavailable, Trouble::kNone},  // memory, connections
    Meaning{"23514", Code::kInternal, Trouble::kNone},
    Meaning{"23502", Code::kInternal, Trouble::kNone},
    Meaning{"23", Code::kConflict, Trouble::kNone},
    Meaning{"22", Code::kInvalidData, Trouble::kNone},
    Meaning{"54", Code::kTooLarge, Trouble::kNone},
    Meaning{"28", Code::kPermissionDenied, Trouble::kNone},
    Meaning{"42501", Code::kPermissionDenied, Trouble::kNone},
    Meaning{"3D000", Code::kNotFound, Trouble::kNone},
    Meaning{"3F000", Code::kNotFound, Trouble::kNone},
    Meaning{"58", Code::kIo, Trouble::kNone},
    Meaning{"XX001", Code::kInvalidData, Trouble::kNone},
    Meaning{"XX002", Code::kInvalidData, Trouble::kNone},
};

// One line, without its end.
std::string one_line(std::string_view text) {
  std::string line;
  for (const char letter : text) line += letter == '\n' || letter == '\t' ? ' ' : letter;
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

}  // namespace

Failure failure_of(const pg_result* result) {
  const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const char* words = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  // Not the details: they may hold what is stored.
  std::string message = "store: " + one_line(words != nullptr ? words : "no answer");
  if (state == nullptr) return {{Code::kUnavailable, std::move(message)}, Trouble::kLost};
  message.append(" (").append(state).append(")");
  for (const auto& [beginning, code, trouble] : kMeanings)
    if (std::string_view(state).starts_with(beginning)) return {{code, message}, trouble};
  return {{Code::kInternal, std::move(message)}, Trouble::kNone};
}

Failure lost(const pg_conn* connection) {
  return lost(PQerrorMessage(connection));
}

Failure lost(std::string_view why) {
  return {{Code::kUnavailable, "store: " + one_line(why)}, Trouble::kLost};
}

}  // namespace assay::collector::postgres
