"""Makes a jar that holds another one, and a wheel. Usage: pack.py SETTINGS DIRECTORY"""
import base64
import hashlib
import io
import sys
import zipfile

text = open(sys.argv[1]).read()
directory = sys.argv[2]


def archive(target, members):
    with zipfile.ZipFile(target, 'w') as made:
        for name, data, method in members:
            made.writestr(zipfile.ZipInfo(name), data, method)


MANIFEST = ('META-INF/MANIFEST.MF', 'Manifest-Version: 1.0\r\n\r\n', zipfile.ZIP_DEFLATED)
inner = io.BytesIO()
archive(inner, [MANIFEST, ('conf/settings', text, zipfile.ZIP_STORED)])
archive(
    directory + '/outer.jar',
    [MANIFEST, ('conf/settings', text, zipfile.ZIP_DEFLATED), ('lib/inner.jar', inner.getvalue(), zipfile.ZIP_STORED)],
)

files = {
    'places.py': 'SETTINGS = %r\n' % text,
    'places-1.dist-info/METADATA': 'Metadata-Version: 2.1\nName: places\nVersion: 1\n',
    'places-1.dist-info/WHEEL': 'Wheel-Version: 1.0\nGenerator: pack.py\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
}


def listed(name, data):
    digest = base64.urlsafe_b64encode(hashlib.sha256(data.encode()).digest()).rstrip(b'=').decode()
    return '%s,sha256=%s,%d\n' % (name, digest, len(data))


record = 'places-1.dist-info/RECORD'
files[record] = ''.join(listed(name, data) for name, data in files.items()) + record + ',,\n'
archive(directory + '/places-1-py3-none-any.whl', [(n, d, zipfile.ZIP_DEFLATED) for n, d in files.items()])
