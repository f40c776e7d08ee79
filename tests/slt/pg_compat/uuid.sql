-- uuid.
SELECT 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid, 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'::uuid, '{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}'::uuid, 'a0eebc999c0b4ef8bb6d6bb9bd380a11'::uuid, 'a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11'::uuid
SELECT 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1'::uuid
SELECT 'g0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid
SELECT ''::uuid
SELECT '{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid
SELECT uuid '00000000-0000-0000-0000-000000000001' < uuid '00000000-0000-0000-0000-000000000002', uuid '00000000-0000-0000-0000-000000000001' = '00000000-0000-0000-0000-000000000001', uuid 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11' <> 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'
SELECT uuid '00000000-0000-0000-0000-000000000001' = 'x'
SELECT uuid '00000000-0000-0000-0000-000000000001' = '00000000-0000-0000-0000-000000000001'::text
SELECT x FROM (VALUES (uuid 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'), ('00000000-0000-0000-0000-000000000001'), (NULL)) t(x) ORDER BY x DESC
SELECT count(DISTINCT x) FROM (VALUES (uuid 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'), ('A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11')) t(x)
SELECT max(x) FROM (VALUES (uuid 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11')) t(x)
SELECT uuid 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::text, uuid 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11' || '', length(uuid 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::text), pg_typeof(gen_random_uuid()), ARRAY[uuid 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11']
SELECT uuid 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::bytea
SELECT uuid 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11' LIKE 'a%'
SELECT uuid 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11' IN ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '00000000-0000-0000-0000-000000000001')
