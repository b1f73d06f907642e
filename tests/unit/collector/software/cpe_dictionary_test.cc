#include "collector/software/cpe_dictionary.h"

#include <gtest/gtest.h>

#include <set>

#include "checks/engine/content.h"
#include "tests/unit/source_file.h"

namespace assay::collector {
namespace {

class CpeDictionaryTest : public testing::Test {
 protected:
  void add(evidence::Value kind, const std::string& package, const std::string& product,
           const std::string& confidence = "exact", evidence::Value precedence = {}) {
    table_.add({{"kind", std::move(kind)},
                {"package", package},
                {"part", std::string("a")},
                {"vendor", std::string("v")},
                {"product", product},
                {"version", std::string("upstream")},
                {"confidence", confidence},
                {"precedence", std::move(precedence)}});
  }
  // "product confidence" of version 1.
  std::string guess(std::string_view kind, std::string_view package) {
    EXPECT_EQ(table_.defect(), "");
    const auto found = CpeDictionary(table_).guess(kind, package, "1-2");
    if (!found) return "none";
    const std::string before = "cpe:2.3:a:v:";
    EXPECT_TRUE(found->cpe.starts_with(before) && found->cpe.ends_with(":1:*:*:*:*:*:*:*"));
    return found->cpe.substr(before.size(), found->cpe.find(':', before.size()) - before.size()) +
           " " + found->confidence;
  }
  evidence::Table table_{*evidence::find_table("cpe_products")};
};

TEST_F(CpeDictionaryTest, AKindThatIsNotSaidMeansSystemPackages) {
  add({}, "tool", "tool");
  for (const auto* kind : {"deb", "rpm", "apk"}) EXPECT_EQ(guess(kind, "tool"), "tool exact");
  EXPECT_EQ(guess("python", "tool"), "none");
  add("python", "tool", "py");
  EXPECT_EQ(guess("python", "tool"), "py exact");
  EXPECT_EQ(guess("deb", "tool"), "tool exact");
}

TEST_F(CpeDictionaryTest, TheClosestPatternCounts) {
  add({}, "php*", "short", "guess");
  add({}, "php[0-9]*", "long", "likely");
  add({}, "php8.2", "same");
  EXPECT_EQ(guess("deb", "php8.2"), "same exact");
  EXPECT_EQ(guess("deb", "php8.3"), "long likely");
  EXPECT_EQ(guess("deb", "php-cli"), "short guess");
  EXPECT_EQ(guess("deb", "xphp"), "none");
  add("deb", "php8.2", "of_deb");
  EXPECT_EQ(guess("deb", "php8.2"), "of_deb exact");
}

TEST_F(CpeDictionaryTest, TheCompanysOwnRowsGoFirst) {
  add({}, "tool", "shipped");
  add({}, "t*", "own", "likely", std::int64_t{1});
  EXPECT_EQ(guess("deb", "tool"), "own likely");
}

TEST_F(CpeDictionaryTest, HostileNamesAndUselessRowsGiveNone) {
  add({}, "*", "");
  add({}, "", "x");
  EXPECT_EQ(guess("deb", "tool"), "none");
  add({}, "*", "any");
  EXPECT_EQ(guess("deb", std::string(600, 'x')), "none");
  EXPECT_EQ(guess("deb", std::string("a\0b", 3)), "none");
}

// The table as it ships.
class ShippedCpeTest : public testing::Test {
 protected:
  static const evidence::Table& table() {
    static const auto kContent = checks::compile_content({source_file("checks/reference")}).value();
    return *kContent.references.at("cpe_products").table;
  }
  static std::string guess(std::string_view kind, std::string_view package,
                           std::string_view version) {
    static const CpeDictionary kDictionary(table());
    const auto found = kDictionary.guess(kind, package, version);
    return found ? found->cpe : "none";
  }
};

TEST_F(ShippedCpeTest, WellKnownPackagesHaveTheirNames) {
  EXPECT_EQ(guess("deb", "openssl", "3.0.17-1~deb12u3"),
            "cpe:2.3:a:openssl:openssl:3.0.17:*:*:*:*:*:*:*");
  EXPECT_EQ(guess("deb", "openssh-server", "1:9.2p1-2+deb12u3"),
            "cpe:2.3:a:openbsd:openssh:9.2:p1:*:*:*:*:*:*");
  EXPECT_EQ(guess("deb", "linux-image-6.1.0-18-amd64", "6.1.76-1"),
            "cpe:2.3:o:linux:linux_kernel:6.1.76:*:*:*:*:*:*:*");
  EXPECT_EQ(guess("deb", "postgresql-15", "15.5-0+deb12u1"),
            "cpe:2.3:a:postgresql:postgresql:15.5:*:*:*:*:*:*:*");
  EXPECT_EQ(guess("rpm", "httpd", "2.4.57"), "cpe:2.3:a:apache:http_server:2.4.57:*:*:*:*:*:*:*");
  EXPECT_EQ(guess("apk", "busybox", "1.36.1-r5"), "cpe:2.3:a:busybox:busybox:1.36.1:*:*:*:*:*:*:*");
  EXPECT_EQ(guess("java", "log4j-core", "2.14.1"), "cpe:2.3:a:apache:log4j:2.14.1:*:*:*:*:*:*:*");
  EXPECT_EQ(guess("python", "django", "4.2"), "cpe:2.3:a:djangoproject:django:4.2:*:*:*:*:*:*:*");
  EXPECT_EQ(guess("os", "debian", "12"), "cpe:2.3:o:debian:debian_linux:12.0:*:*:*:*:*:*:*");
  EXPECT_EQ(guess("os", "ubuntu", "22.04"), "cpe:2.3:o:canonical:ubuntu_linux:22.04:*:*:*:*:*:*:*");
  EXPECT_EQ(guess("deb", "in-house-tool", "1"), "none");
}

TEST_F(ShippedCpeTest, EveryRowIsOfItsForm) {
  EXPECT_EQ(table().defect(), "");
  std::set<std::string> products;
  for (std::size_t i = 0; i < table().rows().size(); ++i) {
    const auto text = [&](std::string_view column) {
      return evidence::to_text(table().at(i, column));
    };
    const auto package = text("package");
    EXPECT_FALSE(package.empty());
    EXPECT_TRUE(cpe_version_rule(text("version"))) << package;
    EXPECT_TRUE(std::set<std::string>({"exact", "likely", "guess"}).contains(text("confidence")))
        << package;
    EXPECT_TRUE(std::set<std::string>({"a", "o"}).contains(text("part"))) << package;
    EXPECT_TRUE(cpe_name({.vendor = text("vendor"), .product = text("product")})) << package;
    EXPECT_EQ(text("vendor").find(' '), std::string::npos) << package;
    products.insert(text("vendor") + ":" + text("product"));
  }
  EXPECT_GE(products.size(), 150U);
}

}  // namespace
}  // namespace assay::collector
