local data = "@out@/share/world"
return { words = function() local f = assert(io.open(data .. "/words")); local l = f:read("l"); f:close(); return l end }
