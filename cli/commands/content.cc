// assay content import: published end-of-life dates into a file of content.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>

#include "checks/lifecycle/cycles_yaml.h"
#include "checks/lifecycle/distro_info.h"
#include "checks/lifecycle/endoflife_json.h"
#include "checks/yaml/strict_yaml.h"
#include "cli/client/read_file.h"
#include "cli/commands/command.h"
#include "cli/commands/content_bundle.h"
#include "evidence/refusal.h"
#include "evidence/timestamp.h"

namespace assay::cli {

namespace {

namespace lifecycle = checks::lifecycle;

constexpr unsigned kReadableByAll = 0644;

struct ImportOptions {
  std::vector<std::string> files;
  std::vector<std::string> products;
  std::string products_of;
  std::string since;
  std::string retrieved;
  std::string output;
};

Status check_day(const std::string& option, const std::string& day) {
  if (day.empty() || evidence::from_date(day)) return {};
  return refuse(
      Code::kUsage,
      {"{}: write a day as 2026-11-21, not \"{}\"", "{}：日期請寫成 2026-11-21，而不是「{}」"},
      option, day);
}

std::string today() {
  using std::chrono::system_clock;
  return evidence::to_date(std::chrono::floor<std::chrono::seconds>(system_clock::now()));
}

Result<lifecycle::Selection> selection_of(const ImportOptions& options) {
  for (const auto& [option, day] :
       {std::pair("--since", options.since), std::pair("--retrieved", options.retrieved)})
    if (auto sound = check_day(option, day); !sound) return fail(sound.error());
  lifecycle::Selection selection{options.products, options.since};
  if (options.products_of.empty()) return selection;
  const auto text = read_file(options.products_of, checks::yaml::kMaxFileBytes);
  if (!text) return fail(text.error());
  const auto products = lifecycle::products_of(*text, options.products_of);
  if (!products) return fail(products.error());
  selection.products.insert(selection.products.end(), products->begin(), products->end());
  return selection;
}

int write(const Session& session, const ImportOptions& options, const lifecycle::Cycles& cycles,
          const std::string& title) {
  const auto yaml = lifecycle::to_yaml(cycles, title);
  if (yaml.size() > checks::yaml::kMaxFileBytes)
    return session.report(
        Error(Code::kTooLarge,
              phrase({"the table would be larger than {} bytes, which no file of content may be; "
                      "choose products",
                      "資料表將超過 {} 位元組，任何檢查內容檔案均不得超過；請選擇部分產品"},
                     checks::yaml::kMaxFileBytes)));
  for (const auto& line : lifecycle::summary(cycles.omissions)) session.note(session.say(line));
  if (options.output.empty()) {
    if (std::fwrite(yaml.data(), 1, yaml.size(), stdout) != yaml.size() || std::fflush(stdout) != 0)
      return session.report(system_error(errno, "standard output"));
    return kDone;
  }
  const auto written = write_file(options.output, yaml, kReadableByAll);
  return written ? kDone : session.report(written.error());
}

int import_endoflife(const Session& session, const ImportOptions& options) {
  const auto selection = selection_of(options);
  if (!selection) return session.report(selection.error());
  const auto& file = options.files.front();
  const auto text = read_file(file, lifecycle::kMaxAnswerBytes);
  if (!text) return session.report(text.error());
  auto cycles = lifecycle::parse_endoflife(*text);
  if (!cycles) return session.report(cycles.error().within(file));
  if (!options.retrieved.empty()) cycles->retrieved = options.retrieved;
  if (cycles->retrieved.empty())
    return session.report(
        Error(Code::kUsage, phrase({"{}: it does not say of which day it is; give --retrieved",
                                    "{}：未載明資料日期；請以 --retrieved 指定"},
                                   file)));
  if (auto selected = lifecycle::select(&*cycles, *selection); !selected)
    return session.report(selected.error().within(file));
  return write(
      session, options, *cycles,
      "Support cycles by endoflife.date (facts; its data is under the MIT licence), made by "
      "assay content import endoflife.");
}

int import_distro_info(const Session& session, const ImportOptions& options) {
  const auto selection = selection_of(options);
  if (!selection) return session.report(selection.error());
  lifecycle::Cycles all;
  for (const auto& file : options.files) {
    const auto text = read_file(file, lifecycle::kMaxListBytes);
    if (!text) return session.report(text.error());
    auto cycles = lifecycle::parse_distro_info(*text);
    if (!cycles) return session.report(cycles.error().within(file));
    const auto& product = cycles->products.front();
    if (std::ranges::find(all.products, product.name, &lifecycle::Product::name) !=
        all.products.end())
      return session.report(Error(
          Code::kUsage, phrase({"{}: a file before it was of {}, too", "{}：前面已有檔案載有 {}"},
                               file, product.label)));
    all.source = cycles->source;
    std::ranges::move(cycles->products, std::back_inserter(all.products));
    std::ranges::move(cycles->omissions, std::back_inserter(all.omissions));
  }
  all.retrieved = options.retrieved.empty() ? today() : options.retrieved;
  if (auto selected = lifecycle::select(&all, *selection); !selected)
    return session.report(selected.error());
  return write(session, options, all,
               "Support cycles by Debian's package distro-info-data, made by assay content import "
               "distro-info.");
}

CLI::App* add_import(CLI::App& group, Session& session, const std::string& name, const Text& what,
                     int (*run)(const Session&, const ImportOptions&), const Text& files) {
  const auto options = std::make_shared<ImportOptions>();
  auto* command = add_command(group, session, name, what,
                              [&session, options, run] { return run(session, *options); });
  command->add_option("file", options->files, session.say(files))->required()->type_name("FILE");
  command
      ->add_option("--product", options->products,
                   session.say({"only this product; repeatable", "僅取此產品；可重複"}))
      ->expected(1)
      ->take_all()
      ->type_name("NAME");
  command
      ->add_option("--products-of", options->products_of,
                   session.say({"only the products of this file of eol_cycles: a refresh of it",
                                "僅取此 eol_cycles 檔案所列的產品，用於更新該檔案"}))
      ->type_name("FILE");
  command
      ->add_option("--retrieved", options->retrieved,
                   session.say({"day of the data, YYYY-MM-DD, if the file does not say it",
                                "資料日期 YYYY-MM-DD；檔案未載明時使用"}))
      ->type_name("DAY");
  command
      ->add_option("-o,--output", options->output,
                   session.say({"the file; else standard output", "輸出檔案；未指定則為標準輸出"}))
      ->type_name("FILE");
  command
      ->add_option("--since", options->since,
                   session.say({"leave out cycles that ended before this day, except those of "
                                "operating systems",
                                "略去在此日之前已終止的週期，作業系統除外"}))
      ->type_name("DAY");
  return command;
}

}  // namespace

void add_content_commands(CLI::App& app, Session& session) {
  auto* group = add_command(app, session, "content",
                            {"For those who keep reference data", "供維護參考資料者使用"}, {});
  group->require_subcommand(1);
  add_content_bundle_commands(*group, session);
  auto* import =
      add_command(*group, session, "import",
                  {"Turn published data into a file of content", "將公開資料轉換為內容檔案"}, {});
  import->require_subcommand(1);
  add_import(*import, session, "endoflife",
             {"End-of-life dates of endoflife.date", "endoflife.date 的支援終止日"},
             import_endoflife,
             {"answer of its API: /api/v1/products/full or /api/v1/products/NAME",
              "其 API 的回應：/api/v1/products/full 或 /api/v1/products/名稱"})
      ->get_option("file")
      ->expected(1);
  add_import(*import, session, "distro-info",
             {"Releases of Debian and Ubuntu by distro-info-data",
              "distro-info-data 所載的 Debian 與 Ubuntu 版本"},
             import_distro_info,
             {"/usr/share/distro-info/debian.csv, ubuntu.csv",
              "/usr/share/distro-info/debian.csv、ubuntu.csv"});
}

}  // namespace assay::cli
