#include "agent/probes/linux/hardening/desktop/screen_lock.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/map_host.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

class ScreenLockTest : public testing::Test {
 protected:
  ScreenLockTest() {
    host_.files["/etc/passwd"] =
        "root:x:0:0::/root:/bin/sh\nalice:x:1000:1000::/home/alice:/bin/bash\n"
        "svc:x:1001:1001::/srv:/usr/sbin/nologin\n";
  }
  void install(const std::string& path) { host_.files[path] = ""; }
  // "idle|lock|delay|mandatory" of the desktop and user.
  std::string lock(std::string_view desktop, std::string_view user = "NULL") {
    const auto table = good(collect_screen_lock(host_));
    for (std::size_t i = 0; i < table.rows().size(); ++i)
      if (row(table, i, {"desktop", "username"}) == std::string(desktop).append("|").append(user))
        return row(table, i, {"idle_seconds", "lock_enabled", "lock_delay_seconds", "mandatory"});
    return "no such row";
  }
  MemoryHost host_;
};

TEST_F(ScreenLockTest, AServerWithoutDesktopHasNoRow) {
  EXPECT_TRUE(good(collect_screen_lock(host_)).rows().empty());
}

TEST_F(ScreenLockTest, GnomeTakesDefaultsDatabasesAndLocks) {
  install("/usr/bin/gnome-shell");
  EXPECT_EQ(lock("gnome"), "NULL|NULL|NULL|0");
  host_.files["/etc/dconf/profile/user"] = "user-db:user\nsystem-db:local\n";
  host_.files["/etc/dconf/db/local"] = "";
  host_.files["/etc/dconf/db/local.d/00"] =
      "[org/gnome/desktop/session]\nidle-delay=uint32 600\n"
      "[org/gnome/desktop/screensaver]\nlock-enabled=true\nlock-delay=uint32 0\n";
  EXPECT_EQ(lock("gnome"), "600|1|0|0");
  host_.files["/etc/dconf/db/local.d/locks/x"] =
      "/org/gnome/desktop/session/idle-delay\n/org/gnome/desktop/screensaver/lock-enabled\n";
  EXPECT_EQ(lock("gnome"), "600|1|0|1");
}

TEST_F(ScreenLockTest, AUsersOwnGnomeSettingsAreSaidNotToBeRead) {
  install("/usr/bin/gnome-shell");
  host_.files["/home/alice/.config/dconf/user"] = "GVariant";
  EXPECT_EQ(lock("gnome", "alice"), "NULL|NULL|NULL|NULL");
}

// Looks nowhere below a folder.
class DeadServer final : public MapHost {
 public:
  using MapHost::MapHost;
  bool is_live() const override { return true; }
  Result<std::string> read_file(std::string_view path, std::size_t max) override {
    EXPECT_FALSE(path.starts_with("/home")) << path;
    return MapHost::read_file(path, max);
  }
  Result<FileStatus> status(std::string_view path) override {
    EXPECT_FALSE(path.starts_with("/home")) << path;
    return MapHost::status(path);
  }
};

TEST_F(ScreenLockTest, HomesOnOtherMachinesAreNotLookedAtAndSaidSo) {
  for (const auto* kind : {"nfs4", "fuse.sshfs", "autofs"}) {
    DeadServer host({{"/etc/passwd", "alice:x:1000:1000::/home/alice:/bin/bash\n"},
                     {"/proc/self/mounts",
                      "/dev/sda / ext4 rw 0 0\nnas:/home /home " + std::string(kind) + " rw 0 0\n"},
                     {"/usr/bin/gnome-shell", ""},
                     {"/usr/bin/plasmashell", ""},
                     {"/usr/bin/xfce4-session", ""},
                     {"/usr/bin/xfce4-screensaver", ""},
                     {"/usr/bin/xscreensaver", ""},
                     {"/home/alice/.config/dconf/user", "GVariant"}});
    const auto table = good(collect_screen_lock(host));
    std::set<std::string> rows;
    for (std::size_t i = 0; i < table.rows().size(); ++i)
      if (row(table, i, {"username"}) == "alice")
        rows.insert(row(table, i, {"desktop", "idle_seconds", "lock_enabled", "source", "note"}));
    const auto expected = [&](const std::string& desktop) {
      return desktop + "|NULL|NULL|/home/alice|the home folder is on " + kind +
             ", which is not looked at";
    };
    EXPECT_EQ(rows, (std::set<std::string>{expected("gnome"), expected("kde"), expected("xfce"),
                                           expected("xscreensaver")}));
  }
}

TEST_F(ScreenLockTest, KdeCountsMinutesAndKnowsItsLocks) {
  install("/usr/bin/plasmashell");
  EXPECT_EQ(lock("kde"), "300|1|5|0");
  host_.files["/home/alice/.config/kscreenlockerrc"] = "[Daemon]\nAutolock=false\nTimeout=60\n";
  EXPECT_EQ(lock("kde", "alice"), "3600|0|5|0");
  host_.files["/etc/xdg/kscreenlockerrc"] = "[Daemon]\nTimeout[$i]=10\n";
  EXPECT_EQ(lock("kde"), "600|1|5|1");
  EXPECT_EQ(lock("kde", "alice"), "no such row");
}

TEST_F(ScreenLockTest, XfceWithoutALockerDoesNotLock) {
  install("/usr/bin/xfce4-session");
  EXPECT_EQ(lock("xfce"), "NULL|0|NULL|0");
  install("/usr/bin/xfce4-screensaver");
  host_.files["/etc/xdg/xfce4/xfconf/xfce-perchannel-xml/xfce4-screensaver.xml"] =
      "<channel name=\"xfce4-screensaver\"><property name=\"saver\" type=\"empty\"><property "
      "name=\"idle-activation\" type=\"empty\"><property name=\"delay\" type=\"int\" "
      "value=\"15\"/></property></property></channel>";
  EXPECT_EQ(lock("xfce"), "900|1|0|0");
}

TEST_F(ScreenLockTest, XscreensaverReadsItsTwoKindsOfFile) {
  install("/usr/bin/xscreensaver");
  host_.files["/etc/X11/app-defaults/XScreenSaver"] = "*timeout:\t0:05:00\n*lock:\tTrue\n";
  host_.files["/home/alice/.xscreensaver"] = "timeout: 1:00:00\nmode: off\n";
  EXPECT_EQ(lock("xscreensaver"), "300|1|0|0");
  EXPECT_EQ(lock("xscreensaver", "alice"), "0|1|0|0");
}

TEST_F(ScreenLockTest, LogindMayEndIdleSessions) {
  install("/usr/lib/systemd/systemd-logind");
  EXPECT_EQ(lock("logind"), "0|0|NULL|1");
  host_.files["/etc/systemd/logind.conf.d/idle.conf"] = "[Login]\nStopIdleSessionSec=15min\n";
  EXPECT_EQ(lock("logind"), "900|1|NULL|1");
}

TEST_F(ScreenLockTest, AnEmptyFolderIsNoSystem) {
  host_.files.clear();
  EXPECT_EQ(collect_screen_lock(host_).error().code(), Code::kNotFound);
}

}  // namespace
}  // namespace assay::agent
