"""What people leave lying about, each with a word of its own that is found nowhere else."""
import subprocess

# Every secret holds this, followed by the name of its place.
MARK = "cAnArY7Qx2"


def secret(place):
    return MARK + place.replace("_", "Z")


ETC = {
    "cron.d/backup": f"RESTIC_PASSWORD={secret('cron_environment')}\n"
                     f"0 3 * * * root /usr/bin/mysqldump -uroot -p{secret('cron_command')} all\n",
    "crontab": f"17 * * * * root curl -u me:{secret('crontab')} https://example.com\n",
    "systemd/system/report.service":
        f"[Service]\nEnvironment=TOKEN={secret('unit_environment')}\n"
        f"ExecStart=/usr/bin/report --token {secret('unit_command')}\n",
    "systemd/system/report.timer": "[Timer]\nOnCalendar=daily\nUnit=report.service\n",
    "NetworkManager/system-connections/office.nmconnection":
        "[connection]\nid=office\ntype=wifi\n[wifi]\nssid=office\n[wifi-security]\n"
        f"key-mgmt=wpa-psk\npsk={secret('wifi_psk')}\n",
    "NetworkManager/system-connections/eap.nmconnection":
        "[connection]\nid=eap\ntype=wifi\n[wifi]\nssid=eap\n[wifi-security]\nkey-mgmt=wpa-eap\n"
        f"[802-1x]\neap=peap\nidentity=me\npassword={secret('wifi_eap')}\n",
    "network/interfaces":
        f"auto lo\niface lo inet loopback\niface wlan7 inet dhcp\n wpa-ssid attic\n wpa-psk {secret('interfaces')}\n",
    "wpa_supplicant/wpa_supplicant.conf":
        f"network={{\n ssid=\"home\"\n psk=\"{secret('wpa_psk')}\"\n}}\n"
        f"network={{\n ssid=\"old\"\n key_mgmt=NONE\n wep_key0=\"{secret('wep')}\"\n}}\n",
    "apt/sources.list.d/private.list":
        f"deb https://me:{secret('apt_uri')}@apt.example.com/debian bookworm main\n",
    "apt/sources.list.d/private.sources":
        f"Types: deb\nURIs: https://me:{secret('apt_deb822')}@apt.example.com/\n"
        "Suites: bookworm\nComponents: main\n",
    "apt/auth.conf": f"machine apt.example.com login me password {secret('apt_auth')}\n",
    "yum.repos.d/private.repo":
        f"[private]\nname=private\nbaseurl=https://me:{secret('yum_url')}@yum.example.com/\n"
        f"username=me\npassword={secret('yum_password')}\nenabled=1\n",
    "pip.conf": f"[global]\nindex-url=https://me:{secret('pip')}@pypi.example.com/simple\n",
    "npmrc": f"//registry.example.com/:_authToken={secret('npmrc')}\n",
    "rsyslog.d/90-database.conf":
        f"action(type=\"ommysql\" server=\"db\" db=\"l\" uid=\"u\" pwd=\"{secret('rsyslog_action')}\")\n"
        f"*.* :ommysql:db,logs,user,{secret('rsyslog_legacy')}\n"
        f"*.* @@logs.example.com:6514\n",
    "chrony/chrony.keys": f"1 SHA1 HEX:{secret('chrony_key')}\n",
    "samba/smb.conf": f"[global]\n workgroup = W\n username map script = /x {secret('samba_script')}\n"
                      "[data]\n path = /srv/data\n guest ok = yes\n",
    "snmp/snmpd.conf": f"rocommunity {secret('snmp_community')} 10.0.0.0/8\n",
    "xrdp/xrdp.ini": f"[Xorg]\nname=Xorg\nusername=ask\npassword={secret('xrdp')}\n",
    "borgmatic/config.yaml": f"encryption_passphrase: {secret('borg')}\n"
                             "repositories:\n - path: ssh://me@backup/./repo\n",
    "ssl/private/server.key": "-----BEGIN PRIVATE KEY-----\n" + secret("tls_key") +
                              "\n-----END PRIVATE KEY-----\n",
    "opt/microsoft/mdatp/managed/mdatp_managed.json":
        '{"cloudService":{"proxy":"http://me:' + secret("defender_proxy") + '@proxy:8080"}}',
    "profile.d/token.sh": f"export API_TOKEN={secret('profile')}\nTMOUT=600\n",
    "ssh/sshd_config.d/env.conf": f"SetEnv API_TOKEN={secret('sshd_environment')}\n",
    "openvpn/client.conf": f"auth-user-pass {secret('openvpn')}\n",
    "exports": "/srv 10.0.0.0/8(ro)\n",
    "security/pwquality.conf.d/none.conf": "minlen = 12\n",
    "sudoers.d/backup": "Defaults env_file=/etc/environment\n"
                        "backup ALL=(root) NOPASSWD: /usr/bin/rsync\n",
}
ROOT = {
    ".pgpass": f"db:5432:*:me:{secret('pgpass')}\n",
    ".netrc": f"machine example.com login me password {secret('netrc')}\n",
    ".git-credentials": f"https://me:{secret('git')}@example.com\n",
    ".aws/credentials": f"[default]\naws_secret_access_key={secret('aws')}\n",
    ".docker/config.json": '{"auths":{"r":{"auth":"' + secret("docker_auth") + '"}}}',
    ".kube/config": f"users:\n- user:\n    token: {secret('kube')}\n",
    ".npmrc": f"//registry.example.com/:_authToken={secret('user_npmrc')}\n",
    ".vnc/passwd": secret("vnc"),
    ".config/rustdesk/RustDesk.toml": f"password = '{secret('rustdesk')}'\nsalt = 'x'\n",
    "app/.env": f"DATABASE_PASSWORD={secret('dotenv')}\n",
    "app/node_modules/left/package.json":
        '{"name":"left","version":"1.0.0","repository":{"url":"git+https://me:' +
        secret("npm_url") + '@example.com/left.git"},"_resolved":"https://me:' +
        secret("npm_resolved") + '@registry.example.com/left.tgz"}',
    "app/lib/python3/site-packages/thing-1.0.dist-info/METADATA":
        f"Metadata-Version: 2.1\nName: thing\nVersion: 1.0\n"
        f"Home-page: https://me:{secret('python_url')}@example.com/\n",
}
VAR_LIB = {
    "iwd/cafe.psk": f"[Security]\nPreSharedKey={secret('iwd_key')}\nPassphrase={secret('iwd_words')}\n",
    "iwd/campus.8021x": "[Security]\nEAP-Method=PEAP\nEAP-Identity=me\n"
                        f"EAP-PEAP-Phase2-Password={secret('iwd_eap')}\n",
}
# What is public in those files, as it stands in the lines of the tables that read them: where one of
# these is missing, nobody looked at the secret beside it.
PUBLIC = {
    "apt_sources": ['"https://apt.example.com/debian"', '"https://apt.example.com/"'],
    "authorized_keys": ['"command,environment","me@here"'],
    "backup_jobs": ['"0 3 * * *"'],
    "logging": ['["rsyslog","forward","logs.example.com:6514",', '["rsyslog","forward","db",'],
    "login_settings": ['["TMOUT","sh","600"'],
    "nfs_exports": ['["/srv","10.0.0.0/8"'],
    "npm_packages": ['["left","1.0.0"'],
    "password_policy": ['/pwquality.conf.d/none.conf"'],
    "python_packages": ['["thing",0,"1.0"'],
    "remote_access": ['/etc/xrdp/xrdp.ini'],
    "samba_shares": ['["data","/srv/data"'],
    "scheduled_tasks": ['"curl"', '"/usr/bin/mysqldump"', '"report.timer"'],
    "shadow": ['["active","6",19000,0,90,7', '["locked","y",19000'],
    "sshd_config": ['"setenv"'],
    "sudoers": ['"env_file=/etc/environment"'],
    "users": ['"old"'],
    "wifi_networks": ['["office","wpa-psk"', '["eap","wpa-eap"', '["home","wpa-psk"', '["old","wep"',
                      '["cafe","wpa2-psk"', '["campus","wpa-eap"', '["attic","wpa-psk"'],
    "yum_repos": ['"https://yum.example.com/"'],
}


def plant(folder):
    """Fills `folder` for machine.py; returns how many secrets lie in it."""
    for point, files in (("etc", ETC), ("root", ROOT), ("var/lib", VAR_LIB)):
        for name, content in files.items():
            path = folder / point / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
            path.chmod(0o600)
    etc = folder / "etc"
    digest = secret("shadow_hash")
    accounts = "root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534::/:/usr/sbin/nologin\n"
    (etc / "passwd").write_text(
        accounts + f"old:{secret('passwd_hash')}:1001:1001::/home/old:/bin/sh\n"
        "backup:x:1002:1002::/var/backups:/bin/sh\n")
    (etc / "shadow").write_text(f"root:$6$salt${digest}:19000:0:90:7:::\nbackup:!$y$j9T$x${digest}:19000::::::\n")
    (etc / "gshadow").write_text(f"root:{secret('gshadow')}::\n")
    ssh = folder / "root" / ".ssh"
    ssh.mkdir(parents=True)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "me@here", "-f",
                    str(ssh / "id_ed25519")], check=True, stdin=subprocess.DEVNULL)
    kind, key, comment = (ssh / "id_ed25519.pub").read_text().split()
    (ssh / "authorized_keys").write_text(
        f'command="/usr/bin/x --token {secret("ssh_command")}",environment="T={secret("ssh_environment")}"'
        f" {kind} {key} {comment}\n")
    private = (ssh / "id_ed25519").read_text().split("\n")
    # Neither half of the key pair may appear: the public half is a name to look people up by.
    return [MARK, key[-40:], private[2]]
