#include "agent/probes/linux/software/apk_database.h"

namespace assay::agent {
namespace {

constexpr std::array<std::string_view, 2> kPlaces = {"/lib/apk/db/installed",
                                                     "/usr/lib/apk/db/installed"};
constexpr std::size_t kMaxDatabaseBytes = 64U << 20U;

}  // namespace

Result<ApkDatabase> read_apk_database(Host& host) {
  for (const auto path : kPlaces) {
    auto text = host.read_file(path, kMaxDatabaseBytes);
    if (text) return ApkDatabase{.path = path, .text = *std::move(text)};
    if (text.error().code() != Code::kNotFound) return fail(std::move(text.error()));
  }
  return fail(Code::kNotFound, "no apk database is on this system");
}

}  // namespace assay::agent
