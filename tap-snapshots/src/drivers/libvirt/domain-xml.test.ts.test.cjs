/* IMPORTANT
 * This snapshot file is auto-generated, but designed for humans.
 * It should be checked into source control and tracked carefully.
 * Re-generate by setting TAP_SNAPSHOT=1 and running tests.
 * Make sure to inspect the output below.  Do not ignore changes!
 */
'use strict'
exports[`src/drivers/libvirt/domain-xml.test.ts > TAP > a machine is written in full > must match snapshot 1`] = `
<domain type="kvm">
<name>default-web-01234567</name>
<uuid>01234567-89ab-cdef-0123-456789abcdef</uuid>
<metadata>
<ostler:vm xmlns:ostler="https://ostler.dev/libvirt/v1" cluster="c1" namespace="default" name="web" uid="01234567-89ab-cdef-0123-456789abcdef" epoch="7"/>
</metadata>
<memory unit="KiB">1048576</memory>
<vcpu placement="static">2</vcpu>
<os>
<type arch="x86_64" machine="q35">hvm</type>
</os>
<features>
<acpi/>
<apic/>
</features>
<cpu mode="host-model"/>
<clock offset="utc">
<timer name="rtc" tickpolicy="catchup"/>
<timer name="pit" tickpolicy="delay"/>
<timer name="hpet" present="no"/>
</clock>
<on_poweroff>destroy</on_poweroff>
<on_reboot>restart</on_reboot>
<on_crash>destroy</on_crash>
<pm>
<suspend-to-mem enabled="no"/>
<suspend-to-disk enabled="no"/>
</pm>
<devices>
<disk type="file" device="disk">
<driver name="qemu" type="qcow2" cache="none" discard="unmap"/>
<source file="/pool/vm-root.qcow2"/>
<target dev="vda" bus="virtio"/>
<boot order="1"/>
<serial>root</serial>
</disk>
<controller type="pci" index="0" model="pcie-root"/>
<controller type="pci" model="pcie-root-port"/>
<controller type="pci" model="pcie-root-port"/>
<controller type="pci" model="pcie-root-port"/>
<controller type="pci" model="pcie-root-port"/>
<controller type="pci" model="pcie-root-port"/>
<controller type="pci" model="pcie-root-port"/>
<controller type="pci" model="pcie-root-port"/>
<controller type="pci" model="pcie-root-port"/>
<controller type="pci" model="pcie-root-port"/>
<controller type="pci" model="pcie-root-port"/>
<controller type="pci" model="pcie-root-port"/>
<controller type="pci" model="pcie-root-port"/>
<controller type="usb" model="none"/>
<serial type="pty">
<target port="0"/>
</serial>
<console type="pty">
<target type="serial" port="0"/>
</console>
<channel type="unix">
<target type="virtio" name="org.qemu.guest_agent.0"/>
</channel>
<memballoon model="virtio">
<stats period="10"/>
</memballoon>
<rng model="virtio">
<backend model="builtin"/>
</rng>
</devices>
</domain>
`
