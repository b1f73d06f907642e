#include "agent/probes/linux/hardening/usb/usb_devices.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

void plug_in(MemoryHost& host, const std::string& port,
             std::initializer_list<std::pair<const char*, const char*>> attributes) {
  for (const auto& [name, value] : attributes)
    host.files["/sys/bus/usb/devices/" + port + "/" + name] = std::string(value) + "\n";
}

TEST(UsbDevices, ShowsADiskWithItsFunctions) {
  MemoryHost host;
  plug_in(host, "1-1.2",
          {{"idVendor", "0781"},
           {"idProduct", "5567"},
           {"manufacturer", "SanDisk"},
           {"product", "Cruzer"},
           {"serial", "A1"},
           {"bDeviceClass", "00"},
           {"authorized", "1"},
           {"removable", "removable"}});
  plug_in(host, "1-1.2:1.0", {{"bInterfaceClass", "08"}});
  const auto table = good(collect_usb_devices(host));
  ASSERT_EQ(table.rows().size(), 1U);
  EXPECT_EQ(row(table, 0,
                {"usb_port", "vendor", "model", "serial", "removable", "authorized",
                 "interface_classes"}),
            "1-1.2|SanDisk|Cruzer|A1|1|1|08");
}

TEST(UsbDevices, WhatADeviceDoesNotTellIsNull) {
  MemoryHost host;
  plug_in(host, "usb1", {{"idVendor", "1d6b"}, {"removable", "unknown"}});
  const auto table = good(collect_usb_devices(host));
  EXPECT_EQ(row(table, 0, {"vendor", "serial", "removable", "authorized", "class"}),
            "NULL|NULL|NULL|NULL|NULL");
}

TEST(UsbDevices, AKernelWithoutUsbHasNoneAndOneWithoutSysIsNotKnown) {
  MemoryHost host;
  EXPECT_FALSE(collect_usb_devices(host).has_value());
  host.files["/sys/bus/pci/drivers_probe"] = "";
  EXPECT_TRUE(good(collect_usb_devices(host)).rows().empty());
}

}  // namespace
}  // namespace assay::agent
