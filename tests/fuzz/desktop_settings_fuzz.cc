// Settings of desktops: dconf's key files, KDE's files, schemas and Xfce's XML, times.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "agent/probes/linux/hardening/desktop/key_file.h"
#include "agent/probes/linux/hardening/desktop/system_settings.h"
#include "agent/probes/linux/hardening/desktop/time_span.h"
#include "agent/probes/linux/hardening/desktop/xfconf.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  for (const auto& line : assay::agent::parse_desktop_keys(input))
    (void)assay::agent::gvariant_number(line.value);
  (void)assay::agent::parse_xfconf(input);
  (void)assay::agent::schema_key(input, "org.gnome.desktop.session", "idle-delay");
  (void)assay::agent::systemd_seconds(input);
  (void)assay::agent::clock_seconds(input);
  return 0;
}
