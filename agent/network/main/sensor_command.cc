// assay-scanner sensor: from a capture file or an interface to the observed_ tables.
#include <sys/random.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "agent/network/main/scanner_command.h"
#include "agent/network/main/table_stream.h"
#include "agent/network/sensor/capture/byte_source.h"
#include "agent/network/sensor/capture/capture_file.h"
#include "agent/network/sensor/capture/live_capture.h"
#include "agent/network/sensor/report/tables.h"
#include "agent/network/sensor/sensor.h"

namespace assay::agent {
namespace {

using namespace sensor;  // NOLINT: this file does nothing but start it

constexpr int kMaxSeconds = 24 * 60 * 60;

struct Arguments {
  std::string file;
  std::vector<std::string> lists;
  std::vector<std::string> own;
  std::string hours;
  bool flows_only = false;
  LiveOptions live;
  std::string filter;
  int seconds = 60;
};

struct Prepared {
  BlockLists lists;
  SensorOptions options;
};

// Opened while whoever calls still may, and read when root has been left.
struct OpenedList {
  std::string path;
  ByteSource source;
};

Result<std::vector<OpenedList>> open_lists(const Arguments& arguments) {
  std::vector<OpenedList> opened;
  for (const auto& path : arguments.lists) {
    auto source = ByteSource::open(path);
    if (!source) return fail(source.error());
    opened.push_back({path, std::move(*source)});
  }
  return opened;
}

Result<std::unique_ptr<Prepared>> prepare(const Arguments& arguments,
                                          std::vector<OpenedList> opened) {
  std::vector<Network> own;
  for (const auto& text : arguments.own) {
    const auto network = network_from(text);
    if (!network) return fail(Code::kUsage, "--own " + text + ": not a network");
    own.push_back(*network);
  }
  auto made = std::make_unique<Prepared>();
  made->lists = BlockLists(std::move(own));
  for (auto& list : opened)
    if (auto loaded = load_block_list(list.source, list.path, &made->lists); !loaded)
      return fail(loaded.error());
  for (const auto& list : made->lists.lists())
    for (const auto& [why, count] : list.reasons)
      warn(list.name + ": " + std::to_string(count) + " left out: " + std::string(why));
  made->lists.prepare();
  if (!opened.empty()) made->options.lists = &made->lists;
  if (!arguments.hours.empty()) {
    const auto hours = working_hours_from(arguments.hours);
    if (!hours) return fail(hours.error());
    made->options.hours = *hours;
  }
  made->options.recognises = !arguments.flows_only;
  if (::getrandom(&made->options.seed, sizeof made->options.seed, 0) !=
      static_cast<ssize_t>(sizeof made->options.seed))
    return fail(system_error(errno, "asking for a random number"));
  return made;
}

Status read_capture(const Arguments& arguments) {
  // Root is left before the first byte is read, so the files are opened by whoever calls.
  auto opened = ByteSource::open(arguments.file);
  if (!opened) return fail(opened.error());
  auto lists = open_lists(arguments);
  if (!lists) return fail(lists.error());
  if (auto left = give_up_root(); !left) return left;
  auto prepared = prepare(arguments, std::move(*lists));
  if (!prepared) return fail(prepared.error());
  auto file = CaptureFile::begin(std::move(*opened), arguments.file);
  if (!file) return fail(file.error());
  Sensor looks((*prepared)->options);
  Record record;
  auto state = Next::kRecord;
  while ((state = file->next(&record)) == Next::kRecord) looks.take(record);
  looks.finish();
  CaptureSource source{.name = arguments.file, .lost = file->lost_by_capture()};
  source.working_hours = arguments.hours;
  if (state == Next::kBroken) source.problem = file->problem().message();
  warn(source.problem);
  return write_tables(tables_of(looks, source));
}

Status watch_interface(const Arguments& arguments) {
  auto capture = LiveCapture::open(arguments.live);
  if (!capture) return fail(capture.error());
  auto lists = open_lists(arguments);
  if (!lists) return fail(lists.error());
  if (auto left = give_up_root(); !left) return left;
  auto prepared = prepare(arguments, std::move(*lists));
  if (!prepared) return fail(prepared.error());
  if (!arguments.filter.empty())
    if (auto set = capture->set_filter(arguments.filter); !set) return set;
  stop_on_signals();
  Sensor looks((*prepared)->options);
  const auto ended = capture->run(std::chrono::seconds(arguments.seconds), stop_asked(),
                                  [&](const Record& record) { looks.take(record); });
  looks.finish();
  CaptureSource source{.name = arguments.live.interface,
                       .is_interface = true,
                       .filter = arguments.filter,
                       .lost = capture->counts().lost};
  source.working_hours = arguments.hours;
  if (!ended) source.problem = ended.error().message();
  warn(source.problem);
  return write_tables(tables_of(looks, source));
}

void add_common(CLI::App& command, Arguments& arguments) {
  command.add_option("--blocklist", arguments.lists, "a list of malicious addresses or names");
  command.add_option("--own", arguments.own, "a network that no list is compared with");
  command.add_option("--working-hours", arguments.hours, "Mon-Fri 08:00-18:00 +08:00");
  command.add_flag("--flows-only", arguments.flows_only, "do not look at what is said");
}

}  // namespace

void add_sensor_command(CLI::App& app, int* code) {
  const auto arguments = std::make_shared<Arguments>();
  const auto run = [arguments, code](Status (*what)(const Arguments&)) {
    return [arguments, code, what] {
      const auto done = what(*arguments);
      *code = done ? kScannerDone : report_problem(done.error());
    };
  };
  auto* command = app.add_subcommand("sensor", "what crosses the wire");
  command->require_subcommand(1);
  auto* read = command->add_subcommand("read", "a pcap or pcapng file");
  add_common(*read, *arguments);
  read->add_option("file", arguments->file, "the file; - for standard input")->required();
  read->callback(run(read_capture));
  auto* watch = command->add_subcommand("watch", "an interface, for a time");
  add_common(*watch, *arguments);
  watch->add_option("--interface", arguments->live.interface, "its name; any: all")->required();
  watch->add_option("--seconds", arguments->seconds, "how long")->check(CLI::Range(1, kMaxSeconds));
  watch->add_option("--filter", arguments->filter, "an expression of pcap-filter(7)");
  watch->add_flag("--promiscuous", arguments->live.is_promiscuous, "also frames for others");
  watch->callback(run(watch_interface));
}

}  // namespace assay::agent
