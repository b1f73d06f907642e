#include "agent/probes/linux/hardening/usb/usb_devices.h"

#include <set>

#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::string_view kDevices = "/sys/bus/usb/devices";
constexpr std::size_t kMaxAttributeBytes = 4096;

class Device {
 public:
  Device(Host& host, const std::string& name)
      : host_(host), folder_(std::string(kDevices).append("/").append(name).append("/")) {}

  // Empty when the device does not tell, or has gone meanwhile.
  std::string attribute(std::string_view name) {
    const auto text = host_.read_file(folder_ + std::string(name), kMaxAttributeBytes);
    return text ? std::string(trimmed(*text)) : std::string();
  }

 private:
  Host& host_;
  std::string folder_;
};

// "usb-storage" or a disk's class 08 among the functions of the device.
std::string classes_of(Host& host, const std::vector<std::string>& names,
                       const std::string& device) {
  std::set<std::string> classes;
  const auto prefix = device + ":";
  for (const auto& name : names)
    if (name.starts_with(prefix))
      if (auto one = Device(host, name).attribute("bInterfaceClass"); !one.empty())
        classes.insert(std::move(one));
  std::string all;
  for (const auto& one : classes) all.append(all.empty() ? "" : ",").append(one);
  return all;
}

// "removable", "fixed" or "unknown": the port's, as the firmware has it.
evidence::Value removable(const std::string& text) {
  if (text == "removable") return std::int64_t{1};
  if (text == "fixed") return std::int64_t{0};
  return {};
}

}  // namespace

Result<evidence::Table> collect_usb_devices(Host& host) {
  evidence::Table table(*evidence::find_table("usb_devices"));
  const auto names = host.list_directory(kDevices, kMaxUsbEntries);
  if (!names) {
    const bool has_buses = host.list_directory("/sys/bus", kMaxUsbEntries).has_value();
    if (names.error().code() == Code::kNotFound && has_buses) return table;
    return fail(names.error());
  }
  for (const auto& name : *names) {
    if (name.find(':') != std::string::npos) continue;  // a function of a device
    Device device(host, name);
    const auto vendor_id = device.attribute("idVendor");
    if (vendor_id.empty()) continue;  // gone since the listing
    table.add({{"usb_port", name},
               {"vendor", text_or_null(device.attribute("manufacturer"))},
               {"vendor_id", vendor_id},
               {"version", text_or_null(device.attribute("bcdDevice"))},
               {"model", text_or_null(device.attribute("product"))},
               {"model_id", text_or_null(device.attribute("idProduct"))},
               {"serial", text_or_null(device.attribute("serial"))},
               {"class", text_or_null(device.attribute("bDeviceClass"))},
               {"subclass", text_or_null(device.attribute("bDeviceSubClass"))},
               {"protocol", text_or_null(device.attribute("bDeviceProtocol"))},
               {"removable", removable(device.attribute("removable"))},
               {"authorized", number_or_null(decimal(device.attribute("authorized")))},
               {"interface_classes", text_or_null(classes_of(host, *names, name))}});
  }
  return table;
}

}  // namespace assay::agent
