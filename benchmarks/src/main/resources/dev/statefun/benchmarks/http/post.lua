-- Posts a request of a cluster over and over, each time for another id, as a cluster has
-- one request in flight for each. The body's file has eight zeros where the id goes.
local head, tail
local next = 0

function init(args)
	local file = assert(io.open(args[1], "rb"))
	local template = file:read("*a")
	file:close()
	local from, to = assert(template:find("00000000", 1, true))
	head, tail = template:sub(1, from - 1), template:sub(to + 1)
	wrk.method = "POST"
	wrk.headers["Content-Type"] = "application/octet-stream"
end

function request()
	next = next + 1
	return wrk.format(nil, nil, nil, head .. string.format("%08d", next % 100000000) .. tail)
end
