"""From files to campaigns: this package is what authors and approvers do."""
