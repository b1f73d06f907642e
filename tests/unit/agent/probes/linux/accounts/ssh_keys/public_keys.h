// Public keys made for these tests with ssh-keygen; their private halves were thrown away. The
// fingerprints are what `ssh-keygen -lf` says of them.
#pragma once

#include <string>

namespace assay::agent {

inline const std::string kEd25519 =
    "AAAAC3NzaC1lZDI1NTE5AAAAIIOiVgOdDnV9pFQzfEQpQPtTOxV345gSXztzdsOqaRNT";
inline const std::string kEd25519Print = "SHA256:s6Jz2qoLy29qQx6cYHc6fst5NIwwPq77evtmqJjtQ1I";
inline const std::string kRsa1024 =
    "AAAAB3NzaC1yc2EAAAADAQABAAAAgQDImZOBYaBEndrBCefQ03XeO+v76nHzHXie5HsdG2GYGuV1giK0"
    "pskcSYUdzBw5MXI0j64Fmgtdp3UWg8RHrkPiyI080m/yeQNpo7EPhqjI5QHxkA8eSxGA/KLnOub3mYKa"
    "CnJtvtZ5vL6piF1AEP8Pd9i17xO5533ndcJft/h7+w==";
inline const std::string kRsa1024Print = "SHA256:1C45H8JEHTuWSLLfo97ee9+jep/m9C83QDcI1Z95XXI";
inline const std::string kEcdsa521 =
    "AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBAGh1CJN7Eqwkog9g6eVC9JLGjyp"
    "VPEVQoP3jbGzxyTZGuM5Kj6xya15xMSgsLLYfC3RcVHqXJsmsqrAO3o5QKhabQGOgdZc0F/X1Bv2qalO"
    "iyi4LKdWBBz5V3t5pWdgnjUZyJFrylDKv6f1DzH/bgjEjxauT8x7tyLlRoxIPaJk7jM3Hw==";
inline const std::string kEcdsa521Print = "SHA256:6OdBrVzJo6MfaH80+vqjhPYz0Owsyi/O8008RGMCxE0";
inline const std::string kEcdsaCertificate =
    "AAAAKGVjZHNhLXNoYTItbmlzdHA1MjEtY2VydC12MDFAb3BlbnNzaC5jb20AAAAgftRUm4cc8MTU1SK2"
    "4WkN9LuuaeNwFtoz7+cTEZV4awUAAAAIbmlzdHA1MjEAAACFBAGh1CJN7Eqwkog9g6eVC9JLGjypVPEV"
    "QoP3jbGzxyTZGuM5Kj6xya15xMSgsLLYfC3RcVHqXJsmsqrAO3o5QKhabQGOgdZc0F/X1Bv2qalOiyi4"
    "LKdWBBz5V3t5pWdgnjUZyJFrylDKv6f1DzH/bgjEjxauT8x7tyLlRoxIPaJk7jM3HwAAAAAAAAABAAAA"
    "AQAAAARjZXJ0AAAACAAAAARyb290AAAAAAAAAAD//////////wAAAAAAAACCAAAAFXBlcm1pdC1YMTEt"
    "Zm9yd2FyZGluZwAAAAAAAAAXcGVybWl0LWFnZW50LWZvcndhcmRpbmcAAAAAAAAAFnBlcm1pdC1wb3J0"
    "LWZvcndhcmRpbmcAAAAAAAAACnBlcm1pdC1wdHkAAAAAAAAADnBlcm1pdC11c2VyLXJjAAAAAAAAAAAA"
    "AAAzAAAAC3NzaC1lZDI1NTE5AAAAIIOiVgOdDnV9pFQzfEQpQPtTOxV345gSXztzdsOqaRNTAAAAUwAA"
    "AAtzc2gtZWQyNTUxOQAAAEDjsRAij6FCkoCJFy/8nHZFOUKkBg/dUB+cV7dA0JKoMPpQB5EOAfOWxQ6Z"
    "t8ULav1wmZ/bb4qeJyCYHrx8MTQH";
inline const std::string kEcdsaCertificatePrint =
    "SHA256:6OdBrVzJo6MfaH80+vqjhPYz0Owsyi/O8008RGMCxE0";

}  // namespace assay::agent
