#include "agent/probes/linux/text/addresses.h"

#include <gtest/gtest.h>

namespace assay::agent {
namespace {

TEST(AddressesTest, KeepsWhatIsNoSecret) {
  for (const auto* address :
       {"http://deb.debian.org/debian", "https://h:8443/a@b/", "file:/srv/repo",
        "cdrom:[Debian 12 DVD]/", "http://snapshot.debian.org/archive/debian/20250520T000000Z/",
        "https://download.docker.com/linux/debian", "mirror+file:/etc/apt/mirrors.txt"})
    EXPECT_EQ(public_address(address), address);
}

TEST(AddressesTest, DropsUserAndPassword) {
  EXPECT_EQ(public_address("https://user:pass@h/r"), "https://h/r");
  EXPECT_EQ(public_address("https://token@h:443/r"), "https://h:443/r");
}

TEST(AddressesTest, APasswordWithASlashOrAnAtIsDroppedAsAWhole) {
  EXPECT_EQ(public_address("https://user:pa/ss@h/r"), "https://h/r");
  EXPECT_EQ(public_address("https://user:p@ss@h/r"), "https://h/r");
}

TEST(AddressesTest, DropsQueryAndFragment) {
  EXPECT_EQ(public_address("https://h/r?key=secret#x"), "https://h/r");
}

TEST(AddressesTest, APartOfThePathThatLooksLikeATokenIsHidden) {
  EXPECT_EQ(public_address("https://packagecloud.io/priv/0a1b2c3d4e5f6a7b8c9d0a1b/x/debian"),
            "https://packagecloud.io/priv/***/x/debian");
}

TEST(AddressesTest, ListsAreCleanedOneByOne) {
  EXPECT_EQ(public_addresses("http://a:b@h/x,\n http://i/y  "), "http://h/x http://i/y");
  EXPECT_EQ(public_addresses("  "), "");
}

TEST(AddressesTest, PasswordsInAddressesAreLeftOut) {
  EXPECT_EQ(without_secrets("https://u:p@host/x@y"), "https://host/x@y");
  EXPECT_EQ(without_secrets("u:p@ss@host:514"), "host:514");
  EXPECT_EQ(without_secrets("host:514"), "host:514");
  EXPECT_EQ(without_secrets("https://u:p/w@host/x"), "https://host/x");
  EXPECT_EQ(without_secrets("https://host:514/x@y"), "https://host:514/x@y");
  EXPECT_EQ(without_secrets("https://host?x=@"), "https://host");
  EXPECT_EQ(without_secrets("https://u:p@host:88/a?token=x#y"), "https://host:88/a");
}

}  // namespace
}  // namespace assay::agent
