# Machines without a system, for `ci/cross`: Debian's compilers for them, and qemu.

arm_board() {
    ci/install gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm
    board "$1" qemu-system-arm -M mps2-an386
}

riscv_board() {
    ci/install gcc-riscv64-unknown-elf qemu-system-misc
    board "$1" qemu-system-riscv32 -M virt -bios none
}

board() {
    local target=$1
    shift
    export "$(setting "$target" RUNNER)=timeout 60 $* -display none -monitor none -serial none -chardev stdio,id=out -semihosting-config enable=on,chardev=out -kernel"
}

# A program with a vendor's driver. It prints by semihosting.
driver() {
    local target=$1 profile
    echo "left out on $target: all tests, which need a system"
    for profile in dev release; do
        cargo build --quiet --target "$target" --profile "$profile" -p bare_metal
        cargo run --quiet --target "$target" --profile "$profile" -p bare_metal </dev/null | diff - /dev/fd/3 3<<'TEXT'
ticks: 3, running: false
pin 0.3: led, plain
pin 1.12: console, serial
temperature: 21.5 degrees
TEXT
    done
}
