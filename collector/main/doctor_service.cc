#include "collector/main/doctor_service.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "collector/identity/key_file.h"
#include "collector/ingest/door.h"
#include "collector/main/state.h"
#include "evidence/refusal.h"

namespace assay::collector {

namespace {

using Kind = Symptom::Kind;

constexpr int kConnectMilliseconds = 2000;

bool answers(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket < 0) return false;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sockaddr generic{};
  static_assert(sizeof generic == sizeof address);
  std::memcpy(&generic, &address, sizeof address);
  bool is_there = ::connect(socket, &generic, sizeof generic) == 0;
  if (!is_there && errno == EINPROGRESS) {
    pollfd waiting{.fd = socket, .events = POLLOUT, .revents = 0};
    int problem = 1;
    socklen_t size = sizeof problem;
    is_there = ::poll(&waiting, 1, kConnectMilliseconds) > 0 &&
               ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &problem, &size) == 0 && problem == 0;
  }
  ::close(socket);
  return is_there;
}

// Asked on this machine alone, and only where it listens on every address or on loopback.
Symptom answers_of(const nlohmann::json& json) {
  std::string silent;
  for (const auto& [listen, port] : {std::pair{"listen", "port"}, {"api_listen", "api_port"}}) {
    const auto where = json.value(listen, "");
    const bool is_here = where.starts_with("127.") || where.starts_with("0.0.0.0:") ||
                         where.starts_with("localhost:") || where.starts_with("[::]:");
    const auto number = json.value(port, 0);
    if (is_here && (number <= 0 || number > 65535 || !answers(static_cast<std::uint16_t>(number))))
      silent += (silent.empty() ? "" : ", ") + where;
  }
  if (!silent.empty())
    return {"service", Kind::kTrouble, {silent + ": nobody answers there", silent + " 無回應"}};
  return {"service", Kind::kGood, {"it serves", "運作中"}};
}

Symptom connections_of(const nlohmann::json& json, std::int64_t hosts) {
  rlimit limit{};
  const auto pid = json.value("pid", -1);  // 0 would be this program
  if (pid <= 0 || ::prlimit(pid, RLIMIT_NOFILE, nullptr, &limit) != 0)
    return {"connections", Kind::kWarning,
            system_error(pid <= 0 ? ESRCH : errno, "RLIMIT_NOFILE").text()};
  const auto seats = seats_within(limit.rlim_cur);
  if (hosts > seats)
    return {"connections", Kind::kWarning,
            phrase({"{} of {} hosts can be connected at a time: raise the limit of open files "
                    "(LimitNOFILE), which is {}",
                    "{1} 台主機中，同時只有 {0} "
                    "台能保持連線；請提高開啟檔案數上限（LimitNOFILE，目前為 {2}）"},
                   seats, hosts, limit.rlim_cur)};
  return {"connections", Kind::kGood,
          phrase({"room for {} agents at a time", "同時可容納 {} 個代理程式連線"}, seats)};
}

}  // namespace

std::vector<Symptom> examine_service(const std::string& state, std::int64_t hosts) {
  if (!ServeLock::is_held(state))
    return {{"service",
             Kind::kTrouble,
             {"no collector serves this state folder", "目前沒有收集伺服器使用此狀態資料夾"}}};
  const auto told = read_key_file(state + "/serve.json");
  const auto json = told ? nlohmann::json::parse(*told, nullptr, false) : nlohmann::json();
  if (!json.is_object())
    return {
        {"service", Kind::kWarning, {"it is starting, or stopping", "收集伺服器正在啟動或停止"}}};
  return {answers_of(json), connections_of(json, hosts)};
}

}  // namespace assay::collector
