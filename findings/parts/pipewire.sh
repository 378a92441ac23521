# Sourced by findings about PipeWire: `start_pipewire FOLDER` starts PipeWire as Debian packages it, apart from the
# machine's own sound server. Its packages are unpacked into the folder; nothing is installed, and root is not needed.
# Programs that are started afterwards use it, also through ALSA. It has no devices but those that one makes.

start_pipewire() {
    local folder=$1 own conf libraries share
    if ! command -v pactl >/dev/null || ! /sbin/ldconfig -p | grep libportaudio >/dev/null; then
        echo "This needs the Debian packages pulseaudio-utils and libportaudio2." >&2
        return 1
    fi
    own="pipewire pipewire-bin pipewire-pulse pipewire-alsa wireplumber libpipewire-0.3-modules libspa-0.2-modules"
    # With the libraries that they need and that are missing here; those of PipeWire always, as they fit together.
    own+=" $(apt-cache depends --important pipewire-bin wireplumber |
        sed -nE 's/.* (libpipewire-0.3-0|libpipewire-0.3-0t64|libwireplumber-[0-9.]+-0)$/\1/p' | sort -u)"
    own+=" $(apt-get --simulate --no-install-recommends install $own 2>/dev/null |
        awk '/^Inst/ && $3 !~ /^\[/ { print $2 }')"
    mkdir -p "$folder"/{debs,root,run,home,alsa}
    (cd "$folder/debs" && apt-get --quiet --quiet download $(printf '%s\n' $own | sort -u))
    for package in "$folder"/debs/*.deb; do dpkg-deb --extract "$package" "$folder/root"; done

    share=$folder/root/usr/share
    libraries=$(dirname "$folder"/root/usr/lib/*/spa-0.2)
    export HOME=$folder/home XDG_CONFIG_HOME=$folder/home/config XDG_STATE_HOME=$folder/home/state
    export XDG_RUNTIME_DIR=$folder/run PIPEWIRE_RUNTIME_DIR=$folder/run PULSE_SERVER=unix:$folder/run/pulse/native
    export PATH=$folder/root/usr/bin:$PATH LD_LIBRARY_PATH=$libraries
    export SPA_PLUGIN_DIR=$libraries/spa-0.2 PIPEWIRE_MODULE_DIR=$libraries/pipewire-0.3
    export PIPEWIRE_CONFIG_DIR=$share/pipewire WIREPLUMBER_DATA_DIR=$share/wireplumber
    WIREPLUMBER_MODULE_DIR=$(echo "$libraries"/wireplumber-*) && export WIREPLUMBER_MODULE_DIR
    export DBUS_SESSION_BUS_ADDRESS=unix:path=$folder/none

    # No real devices. WirePlumber 0.4 (Debian 12) reads Lua, 0.5 (Debian 13) does not.
    conf=$XDG_CONFIG_HOME/wireplumber
    mkdir -p "$conf/wireplumber.conf.d"
    cp -r "$share/wireplumber/." "$conf/"
    echo 'wireplumber.profiles = { main = { hardware.audio = disabled, hardware.bluetooth = disabled,
        hardware.video-capture = disabled } }' >"$conf/wireplumber.conf.d/99-no-devices.conf"
    if [ -d "$conf/main.lua.d" ]; then
        echo 'alsa_monitor.enabled = false; v4l2_monitor.enabled = false; libcamera_monitor.enabled = false
            default_access.properties["enable-flatpak-portal"] = false' >"$conf/main.lua.d/51-no-devices.lua"
        echo 'bluez_monitor.enabled = false' >"$conf/bluetooth.lua.d/51-no-devices.lua"
    fi
    # ALSA's settings with those of pipewire-alsa and none of the machine's own.
    cp "$share"/alsa/alsa.conf.d/* "$folder/alsa/"
    for kind in pcm ctl; do
        echo "${kind}_type.pipewire { lib \"$libraries/alsa-lib/libasound_module_${kind}_pipewire.so\" }"
    done >"$folder/alsa/00-plugin.conf"
    sed "s|\"/etc/alsa/conf.d\"|\"$folder/alsa\"|" /usr/share/alsa/alsa.conf >"$folder/alsa.conf"
    export ALSA_CONFIG_PATH=$folder/alsa.conf

    pipewire >"$folder/log" 2>&1 &
    until [ -S "$folder/run/pipewire-0" ]; do sleep 0.1; done
    wireplumber >>"$folder/log" 2>&1 &
    pipewire-pulse >>"$folder/log" 2>&1 &
    for _ in $(seq 100); do
        ! pactl info >/dev/null 2>&1 || return 0
        sleep 0.2
    done
    cat "$folder/log" >&2
    return 1
}

# Debian's versions of the packages in use, on one line; on standard error if it is another PipeWire than the two for
# which the findings were written.
pipewire_versions() {
    local name version
    version=$(dpkg-deb --show --showformat='${Version}' "$1"/debs/pipewire_*.deb)
    case $version in
        0.3.65-* | 1.4.2-*) ;;
        *) echo "written for PipeWire 0.3.65 (Debian 12) and 1.4.2 (Debian 13); this is $version" >&2 ;;
    esac
    for name in pipewire wireplumber pipewire-alsa; do
        dpkg-deb --show --showformat='${Package} ${Version}, ' "$1/debs/${name}_"*.deb
    done
    dpkg-query --show --showformat='${Package} ${Version}\n' libportaudio2
}
