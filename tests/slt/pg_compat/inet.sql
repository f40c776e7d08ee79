-- inet, cidr and macaddr.
SELECT '192.168.1.5'::inet, '192.168.1.5/24'::inet, '10/8'::cidr, '192.168.1/24'::cidr, '::1'::inet, '2001:db8::/32'::cidr, '2001:0DB8:0:0:0:0:0:1/64'::inet, '::ffff:1.2.3.4'::inet, '0.0.0.0/0'::cidr, '192.168.1.5/32'::inet, '10.1.2.3'::cidr
SELECT '192.168.1.5/24'::cidr
SELECT '192.168.1.256'::inet
SELECT '192.168.1.5/33'::inet
SELECT 'abc'::inet
SELECT '1.2.3'::inet
SELECT '1:2:3'::inet
SELECT ''::cidr
SELECT host('192.168.1.5/24'::inet), masklen('192.168.1.5/24'::inet), netmask('192.168.1.5/24'::inet), network('192.168.1.5/24'::inet), broadcast('192.168.1.5/24'::inet), hostmask('192.168.1.5/24'::inet), family('::1'::inet), family('1.2.3.4'::inet), text('192.168.1.5'::inet), abbrev('10.1.0.0/16'::cidr), abbrev('10.1.0.0/16'::inet)
SELECT set_masklen('192.168.1.5/24'::inet, 16), set_masklen('192.168.0.0/16'::cidr, 8), set_masklen('192.168.1.5/24'::inet, -1), inet_same_family('1.2.3.4', '::1'), inet_merge('192.168.1.5/24', '192.168.2.5/24'), inet_merge('2001:db8::1', '2001:db8::2')
SELECT set_masklen('192.168.1.5/24'::inet, 33)
SELECT inet_merge('192.168.1.5/24', '::1')
SELECT inet '192.168.1/24' << inet '192.168/16', inet '192.168.1.5' <<= inet '192.168.1/24', inet '192.168/16' >> inet '192.168.1/24', inet '192.168.1/24' >>= inet '192.168.1/24', inet '192.168.1/24' && inet '192.168.1.80/28', inet '10.0.0.1' << inet '192.168/16'
SELECT ~inet '192.168.1.6', inet '192.168.1.6' & inet '0.0.0.255', inet '192.168.1.6' | inet '0.0.0.255', inet '192.168.1.6' + 25, 25 + inet '192.168.1.6', inet '192.168.1.43' - 36, inet '192.168.1.43' - inet '192.168.1.19', inet '::1' + 5
SELECT inet '255.255.255.255' + 1
SELECT inet '192.168.1.6' & inet '::1'
SELECT inet '192.168.1.6' - inet '::1'
SELECT inet '1.2.3.4' < inet '1.2.3.5', inet '1.2.3.4' = inet '1.2.3.4/32', inet '1.2.3.4/24' < inet '1.2.3.4/25', inet '1.2.3.4' < inet '::1', inet '10.0.0.0/8' = cidr '10.0.0.0/8', inet '1.2.3.4' <> '1.2.3.4', inet '1.2.3.4' > '1.2.3.3'
SELECT x FROM (VALUES (inet '10.0.0.2'), ('10.0.0.10'), ('::1'), ('10.0.0.0/8'), (NULL), ('9.255.0.0')) t(x) ORDER BY x
SELECT max(x), min(x) FROM (VALUES (inet '10.0.0.2'), ('10.0.0.10')) t(x)
SELECT inet '192.168.1.5/24'::cidr, cidr '10.0.0.0/8'::inet, inet '192.168.1.5'::text, inet '192.168.1.5/24'::text, cidr '10.0.0.0/8'::text, inet '1.2.3.4'::varchar, host('::1') || '!'
SELECT inet '1.2.3.4' || 'x', pg_typeof(network('1.2.3.4')), pg_typeof(inet '1.2.3.4' - inet '1.2.3.3'), ARRAY[inet '1.2.3.4', '5.6.7.8']
SELECT '08:00:2b:01:02:03'::macaddr, '08-00-2b-01-02-03'::macaddr, '08002b:010203'::macaddr, '0800.2b01.0203'::macaddr, '08002B010203'::macaddr, '08:00:2b:01:02:03:04:05'::macaddr8, '08:00:2b:01:02:03'::macaddr8, trunc('08:00:2b:01:02:03'::macaddr), macaddr8_set7bit('00:34:56:ab:cd:ef')
SELECT '08:00:2b:01:02'::macaddr
SELECT '08:00:2b:01:02:zz'::macaddr
SELECT '08:00:2b:01:02:03'::macaddr < '08:00:2b:01:02:04', ~'08:00:2b:01:02:03'::macaddr, '08:00:2b:01:02:03'::macaddr & 'ff:ff:ff:00:00:00', '08:00:2b:01:02:03'::macaddr | '00:00:00:ff:ff:ff', '08:00:2b:01:02:03'::macaddr::macaddr8
SELECT inet '1.2.3.4' + inet '1.2.3.4'
SELECT inet '1.2.3.4' = 1
SELECT inet '1.2.3.4' LIKE '1%'
