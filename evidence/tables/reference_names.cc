#include "evidence/tables/families.h"

namespace assay::evidence {
namespace {

using enum Type;

TableSpec cpe_products() {
  return {
      .name = "cpe_products",
      .version = 1,
      .meaning = {"Which CPE 2.3 name a package most likely has, so that it can be looked up in "
                  "vulnerability databases and reported to VANS. Used by the collector only.",
                  "套件最可能對應的 CPE 2.3 名稱，供查詢弱點資料庫及通報 VANS；僅由收集伺服器使用。"},
      .privacy = Privacy::kPublic,
      .origin = Origin::kReference,
      .is_volatile = false,
      .is_live_only = false,
      .example = "SELECT package, vendor, product FROM cpe_products WHERE confidence = 'guess'",
      .columns = {
          {"kind",
           kText,
           {"deb, rpm, apk, snap, flatpak, python, npm, java, go or os; NULL: deb, rpm and apk.",
            "deb、rpm、apk、snap、flatpak、python、npm、java、go 或 os（作業系統）；NULL 表示 "
            "deb、rpm 與 apk 皆適用。"}},
          {"package",
           kText,
           {"GLOB pattern on the package's name; of several that fit, the longest counts.",
            "比對套件名稱的 GLOB 樣式；多個相符時以最長者為準。"}},
          {"part",
           kText,
           {"a: application; o: operating system; h: hardware.",
            "a：應用程式；o：作業系統；h：硬體。"}},
          {"vendor", kText, {"Vendor, not yet escaped.", "廠商，尚未加上跳脫字元。"}},
          {"product", kText, {"Product, not yet escaped.", "產品，尚未加上跳脫字元。"}},
          {"version",
           kText,
           {"How its version becomes that of the CPE name: upstream, patch, full or release.",
            "由套件版本得出 CPE 版本的方式：upstream、patch、full 或 release。"}},
          {"confidence",
           kText,
           {"exact, likely or guess.", "exact（確定）、likely（很可能）或 guess（推測）。"}},
          {"precedence",
           kInteger,
           {"The row with the highest number counts; NULL is 0. The company's own rows have more.",
            "數字最大的列優先；NULL 視為 0，公司自訂的列應填較大的數字。"}},
      }};
}

}  // namespace

std::span<const TableSpec> name_tables() {
  static const std::vector<TableSpec> kTables = {cpe_products()};
  return kTables;
}

}  // namespace assay::evidence
