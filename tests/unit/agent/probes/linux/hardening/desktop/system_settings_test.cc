#include "agent/probes/linux/hardening/desktop/system_settings.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/memory_host.h"

namespace assay::agent {
namespace {

constexpr std::string_view kSchema = "org.gnome.desktop.session";
constexpr const char* kXml =
    "<schemalist><schema id=\"org.gnome.desktop.session\" path=\"/x/\">"
    "<key name=\"other\" type=\"u\"><default>1</default></key>"
    "<key type=\"u\" name=\"idle-delay\"><default>300</default></key></schema></schemalist>";

class SystemSettingsTest : public testing::Test {
 protected:
  SystemSettingsTest() {
    host_.files["/usr/share/glib-2.0/schemas/org.gnome.desktop.session.gschema.xml"] = kXml;
    host_.files["/etc/dconf/profile/user"] = "user-db:user\nsystem-db:local\nsystem-db:site\n";
  }
  void database(const std::string& name, const std::string& delay, bool is_locked = false) {
    const auto folder = "/etc/dconf/db/" + name;
    host_.files[folder] = "GVariant";
    host_.files[folder + ".d/00-idle"] = "[org/gnome/desktop/session]\nidle-delay=" + delay + "\n";
    if (is_locked)
      host_.files[folder + ".d/locks/idle"] = "# x\n/org/gnome/desktop/session/idle-delay\n";
  }
  std::string idle() {
    const auto settings = SystemSettings::read(host_);
    if (!settings) return settings.error().message();
    const auto found = settings->find(host_, kSchema, "idle-delay").value();
    if (!found) return "none";
    return found->text + (found->is_locked ? " locked" : "");
  }
  MemoryHost host_;
};

TEST_F(SystemSettingsTest, TheSchemaHasTheDefault) {
  EXPECT_EQ(idle(), "300");
}

TEST_F(SystemSettingsTest, AnOverrideOfTheDistributionGoesBeforeTheSchema) {
  host_.files["/usr/share/glib-2.0/schemas/10_x.gschema.override"] =
      "[org.gnome.desktop.session]\nidle-delay=uint32 600\n";
  EXPECT_EQ(idle(), "uint32 600");
}

TEST_F(SystemSettingsTest, TheFirstDatabaseOfTheProfileCounts) {
  database("local", "uint32 900");
  database("site", "uint32 60");
  EXPECT_EQ(idle(), "uint32 900");
}

TEST_F(SystemSettingsTest, ALockBelowTakesTheValueFromBelow) {
  database("local", "uint32 900");
  database("site", "uint32 60", true);
  EXPECT_EQ(idle(), "uint32 60 locked");
}

TEST_F(SystemSettingsTest, TheLastKeyFileByNameHasTheLastWord) {
  database("local", "uint32 900");
  host_.files["/etc/dconf/db/local.d/99"] = "[org/gnome/desktop/session]\nidle-delay=uint32 5\n";
  EXPECT_EQ(idle(), "uint32 5");
}

TEST_F(SystemSettingsTest, AValueOfAnotherTypeLeavesTheDefault) {
  database("local", "900", true);
  EXPECT_EQ(idle(), "300 locked");
  database("local", "@u 900", true);
  EXPECT_EQ(idle(), "@u 900 locked");
}

TEST_F(SystemSettingsTest, KeyFilesWithoutTheirDatabaseDoNotCount) {
  database("local", "uint32 900");
  host_.files.erase("/etc/dconf/db/local");
  EXPECT_EQ(idle(), "300");
  EXPECT_NE(SystemSettings::read(host_)->note(), "");
}

TEST(Gvariant, ReadsNumbersAndTruth) {
  EXPECT_EQ(gvariant_number("uint32 300"), 300);
  EXPECT_EQ(gvariant_number(" 5 "), 5);
  EXPECT_EQ(gvariant_number("@u 250"), 250);
  EXPECT_EQ(gvariant_number("uint32 0x10"), 16);
  EXPECT_EQ(gvariant_number("0x"), std::nullopt);
  EXPECT_EQ(gvariant_number("'x'"), std::nullopt);
  EXPECT_EQ(gvariant_truth("true"), true);
  EXPECT_EQ(gvariant_truth("yes"), std::nullopt);
}

TEST(SchemaDefault, TakesAnyBytes) {
  EXPECT_EQ(schema_key("<schema id=\"a\"><key name=\"b\"><default>", "a", "b").value, std::nullopt);
  EXPECT_EQ(schema_key("<<<>", "a", "b").value, std::nullopt);
}

}  // namespace
}  // namespace assay::agent
