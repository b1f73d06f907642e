// Lines of the log as JSON, one object in a line:
//   {"time":"2026-11-29T22:57:09.123Z","level":"error","component":"evaluation","message":"…",…}
// `component` is what stands before the first colon of a message, when that is one word, and the
// message what stands behind it; then come the fields that were said (log_fields.h). Bytes that are
// not UTF-8 are replaced, so that every line can be read. Safe from any thread, as spdlog is.
#pragma once

#include <spdlog/formatter.h>

#include <memory>
#include <string>
#include <string_view>

namespace assay::collector {

[[nodiscard]] std::string json_line(std::string_view time, std::string_view level,
                                    std::string_view message);

class JsonLines final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& line, spdlog::memory_buf_t& out) override;
  [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override;
};

}  // namespace assay::collector
