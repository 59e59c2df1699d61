"""Every header of src/ compiles alone, included twice."""
import os
import subprocess
import sys

done = subprocess.run(["cmake", "--build", os.environ["BUILD"], "--target", "headers_alone"], capture_output=True, text=True)
if done.returncode:
    sys.stdout.write(done.stdout[-6000:])
print("%s - headers alone, twice" % ("ok" if done.returncode == 0 else "not ok"))
sys.exit(1 if done.returncode else 0)
